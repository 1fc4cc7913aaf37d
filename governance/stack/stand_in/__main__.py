"""Start the stand-in provider; in demo mode only."""

import argparse
import os
import sys

import uvicorn

from governance.stack.stand_in.application import application


def main() -> None:
    told = argparse.ArgumentParser(description="The demo's stand-in provider.")
    told.add_argument("--port", type=int, required=True)
    if os.environ.get("REMIT_DEMO") != "on":
        sys.exit("The stand-in provider starts in demo mode only.")
    uvicorn.run(application, host="127.0.0.1", port=told.parse_args().port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
