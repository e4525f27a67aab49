"""A plan as a file: the PDF holds what its reader may see, and no title in a calendar says what it is about."""

import re
import zlib
from dataclasses import replace
from datetime import timedelta

from icalendar import Calendar

from shop.core import clock
from tests.plans.making import content, essential, habit, line
from tests.plans.reading import SECRETS, WHY, five_steps, link_in, opened, sent, signed_in


def words_of(body):
    """The text that a PDF of ours draws: its streams unpacked, its strings joined."""
    import base64

    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)endstream", body, re.S):
        packed = base64.a85decode(raw.strip().removesuffix(b"~>"))
        found += re.findall(rb"\((.*?)\) Tj", zlib.decompress(packed))
    return b" ".join(found).decode("latin-1")


def test_the_file_of_somebody_known_holds_everything_and_is_the_same_each_time(app, nora):
    sent(nora)
    browser = signed_in(app, nora)
    answer = browser.get("/plan/pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    said = words_of(answer.data)
    for words in ("Your plan", "Morning", "Evening", "Slowly at first", WHY.partition(",")[0]):
        assert words in said
    assert browser.get("/plan/pdf").data == answer.data
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_file_of_somebody_unknown_holds_no_reason_and_no_name(client, nora, mailbox):
    sent(nora)
    opened(client, link_in(mailbox, nora))
    said = words_of(client.get("/plan/pdf").data)
    assert "Your plan" in said
    for secret in SECRETS:
        assert secret not in said


def test_a_long_plan_goes_over_to_the_next_page_and_foreign_letters_do_no_harm(app, nora):
    sent(nora, content(*(habit(f"Rest {n} in 日 light, softly and without hurry, as long as you like") for n in range(18))))
    body = signed_in(app, nora).get("/plan/pdf").data
    assert words_of(body).count("Habit:") == 18


def test_the_calendar_has_neutral_titles_local_times_and_an_end(app, nora):
    review = clock.today() + timedelta(days=56)
    sent(nora, replace(five_steps(), review_on=review.isoformat()))
    answer = signed_in(app, nora).get("/plan/calendar.ics")
    assert answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert len(events) == 3
    assert {str(event["summary"]) for event in events} == {"A note from " + clinic_name()}
    assert sorted(f"{event['dtstart'].dt:%H:%M}" for event in events) == ["08:00", "09:00", "21:00"]
    ends = [event["rrule"]["until"][0] for event in events if "rrule" in event]
    assert {clock.local(end).date() for end in ends} == {review}
    for secret in (*SECRETS, "Serum", "Tone", "pigment"):
        assert secret.encode() not in answer.data


def test_a_routine_ends_with_its_last_stop_and_keeps_its_name_when_it_is_imported_again(app, nora):
    stop = clock.today() + timedelta(days=20)
    said = content(essential("tone-serum", stop_on=stop.isoformat()), line("cream", stop_on=stop.isoformat()))
    sent(nora, said)
    browser = signed_in(app, nora)
    first, again = (Calendar.from_ical(browser.get("/plan/calendar.ics").data).walk("VEVENT") for _ in range(2))
    assert [clock.local(event["rrule"]["until"][0]).date() for event in first] == [stop]
    assert [event["uid"] for event in first] == [event["uid"] for event in again]


def test_without_a_plan_there_is_nothing_to_take_along(client):
    for path in ("/plan/pdf", "/plan/calendar.ics"):
        assert client.get(path).headers["Location"] == "/plan"


def clinic_name():
    from shop.core.settings import setting

    return setting("clinic.name")
