"""What the initiatives of the story are called. Apart from the story itself, which needs the models of Django."""

LETTERS = "Claims letters, drafted"
REPLIES = "Reply assistant for customers"
CODE = "Assistant for developers"
CALLS = "Summaries of calls"
MEDICAL = "Triage of medical assessments"
BROCHURES = "Translation of brochures"
PRICING = "Review of the pricing engine"
