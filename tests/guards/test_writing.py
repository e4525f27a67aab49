"""How the code is written: who commits, who reads the clock, who knows Stripe, and how long a file may be."""

import re

from tests.support import sources

LONGEST_FILE = 250
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|services?|misc|common)($|_)")
COMMITTERS = ("views", "cli", "commands", "working", "demo", "sweeping", "doors")  # folder or file names
# Other files that commit, each with its reason.
ALSO_COMMIT = {
    "shop/core/outbox.py": "leases a row, works it, marks it done: three moments that must survive a crash between them",
    "shop/copying.py": "the search index of another database, after its rows are there",
    "shop/admin/acting.py": "the end of a desk's view, written once: act, commit, lead on",
    "shop/core/db.py": "short transactions of their own",
    "shop/checkout/settling.py": "two units around the question to Stripe, for the webhook, the return page and the sweep alike",
    "shop/checkout/resuming.py": "two units around the call to Stripe, whoever resumes an attempt",
}
STRIPE_DOORS = ("shop/payments/gateway.py", "shop/payments/signatures.py", "shop/payments/standin/")
CLOCK_READERS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime")
# A literal of the template's own may be marked safe; a value never.
RAW_OUTPUT = re.compile(r"(?<!['\"])\|\s*safe\b|autoescape\s+false|Markup\(")


def test_only_views_commands_and_the_worker_commit():
    wrong = [
        f"{source.name}:{line}"
        for source in sources.shop()
        for call, line in source.calls()
        if call.endswith("session.commit") and not _commits(source)
    ]
    assert not wrong


def test_only_the_payment_doors_import_stripe():
    wrong = [
        f"{source.name}:{line}"
        for source in sources.shop()
        for module, line in source.imports()
        if module.split(".")[0] == "stripe" and not source.name.startswith(STRIPE_DOORS)
    ]
    assert not wrong


def test_only_the_clock_reads_the_clock():
    wrong = [
        f"{source.name}:{line} {call}"
        for source in sources.shop()
        if source.name != "shop/core/clock.py"
        for call, line in source.calls()
        if call.removeprefix("datetime.") in CLOCK_READERS or call in CLOCK_READERS
    ]
    assert not wrong


def test_a_file_has_at_most_250_lines():
    lengths = {source.name: source.text.count("\n") for source in sources.shop()}
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}


def test_a_file_is_named_after_what_it_does():
    assert not [source.name for source in sources.shop() if VAGUE.search(source.path.stem) or VAGUE.search(source.package)]


def test_every_module_says_which_fact_lives_in_it():
    import ast

    assert not [source.name for source in sources.shop() if source.text.strip() and not ast.get_docstring(source.tree)]


def test_no_template_puts_out_raw_html():
    wrong = [
        f"{path.relative_to(sources.ROOT)}: {found.group(0)}"
        for path in sources.templates()
        for found in RAW_OUTPUT.finditer(path.read_text())
    ]
    assert not wrong


def _commits(source: sources.Source) -> bool:
    names = {part.removesuffix(".py") for part in source.path.relative_to(sources.ROOT).parts}
    return bool(names & set(COMMITTERS)) or source.name in ALSO_COMMIT
