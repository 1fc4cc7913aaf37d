"""Stock Presidio: AnalyzerEngine with en_core_web_md and its own defaults."""

from governance.detection.pii.model import model_path


def stock():
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    # The packaged suffix list, as stock Presidio has it after its first fetch; the benchmark needs no network.
    tldextract.extract.__globals__["TLD_EXTRACTOR"] = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    models = [{"lang_code": "en", "model_name": str(model_path())}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    analyzer = AnalyzerEngine(nlp_engine=provider.create_engine())
    return lambda text: analyzer.analyze(text, language="en")
