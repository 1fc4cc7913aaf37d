"""What one prompt waits for, seen for the first time, and how many a processor reads: 2, 20 and 100 KB by one process and by one per core.

Cores per 1,000 users: 20 prompts a day each, a fifth of them in the busiest hour, 80 % of 2 KB, 15 % of 20 KB, 5 % of 100 KB, cores
half idle so that nobody queues for long. What repeats comes from the findings cache and is not counted here.
"""

import os
import statistics

from detecting._measured import answer_of, started

from governance.detection.batch import ruleset_of_mode
from governance.detection.ruleset import DEFAULT_RULESET

SECTION = "latency"
# Characters: seconds that 99 of 100 prompts may take, and the share of prompts.
SIZES = {2_000: (0.12, 0.80), 20_000: (0.6, 0.15), 100_000: (1.5, 0.05)}
USERS, A_DAY, BUSIEST_HOUR, BUSY = 1000, 20, 0.2, 0.5


def arguments(group) -> None:
    group.add_argument("--prompts", type=int, default=100, help="of 2 KB; a fourth of 20 KB, a tenth of 100 KB")


def run(options) -> None:
    ruleset = dict(ruleset_of_mode(DEFAULT_RULESET, options.mode).document)
    cores, spent = os.cpu_count() or 1, 0.0
    print(f"{'':8}{'seconds, alone':>16}{'':9}{'of them processor':>19}{'':11}{f'{cores} processes':>13}")
    print(f"{'prompt':8}{'p50':>8}{'p99':>8}{'goal':>9}{'p50':>10}{'p99':>9}{'KB/s':>11}{'p99':>13}{'prompts/s':>12}")
    for (size, (most, share)), part in zip(SIZES.items(), (1, 4, 10), strict=True):
        count = max(5, options.prompts // part)
        alone = answer_of(started("latency", ruleset=ruleset, size=size, count=count, seed=1))
        many = [started("latency", ruleset=ruleset, size=size, count=count, seed=seed) for seed in range(2, 2 + cores)]
        together = [answer_of(each) for each in many]
        cost = statistics.mean(alone["processor_s"])
        spent += share * cost
        clock, processor = _points(alone["clock_s"]), _points(alone["processor_s"])
        rate = sum(count / sum(each["clock_s"]) for each in together)
        late = _points([took for each in together for took in each["clock_s"]])[1]
        print(
            f"{size // 1000:>4} KB {clock[0]:8.3f}{clock[1]:8.3f}{most:9.2f}{processor[0]:10.3f}{processor[1]:9.3f}"
            f"{size / cost / 1000:11.0f}{late:13.3f}{rate:12.1f}",
            flush=True,
        )
    busiest = USERS * A_DAY * BUSIEST_HOUR / 3600
    print(
        f"cores per {USERS:,} users: {busiest * spent / BUSY:.2f}"
        f" ({busiest:.1f} prompts/s in the busiest hour, {spent:.3f} s of processor each)"
    )
    print("4 processes on 4 cores: each as the one alone, extrapolated; they share nothing but the findings cache")


def _points(took) -> tuple[float, float]:
    ordered = sorted(took)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
