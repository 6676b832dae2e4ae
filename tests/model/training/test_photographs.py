"""Pictures of every kind are drawn from a seed, and counted as right, wrong or refused."""

from PIL import Image

from model.data.pendigits import PenDigit
from model.data.photographs.kinds import Kind
from model.training.photographs import measure, pictures_of, table

PEOPLE = [PenDigit(digit, 1, []) for digit in range(10)]


def shade(pen, rng):
    """A picture whose grey is the digit."""
    return Image.new("L", (28, 28), pen.digit)


def reads(answer):
    return lambda image: answer(image.getpixel((0, 0)))


KINDS = {"grey": Kind("plain", shade), "rare": Kind("plain", shade, share=0.1), "empty": Kind("nothing", shade, False)}


def test_what_is_right_wrong_and_refused_is_counted_by_kind_and_group():
    answers = {0: (0, "digit"), 1: (1, "unsure"), 2: (9, "digit"), 3: (9, "unsure"), 4: (4, "not-a-digit")}
    report = measure(reads(lambda digit: answers.get(digit, (None, "blank"))), KINDS, PEOPLE, 10)
    shares = {"right": 0.2, "wrong_and_sure": 0.1, "wrong_and_unsure": 0.1, "refused": 0.6}
    assert report["kinds"]["grey"] == {"pictures": 10, **shares}
    assert report["kinds"]["rare"]["pictures"] == 1
    assert report["groups"]["plain"]["pictures"] == 11


def test_a_picture_without_a_digit_is_right_if_it_is_refused():
    always = measure(reads(lambda digit: (digit, "digit")), KINDS, PEOPLE, 10)
    never = measure(reads(lambda _: (None, "several")), KINDS, PEOPLE, 10)
    assert always["kinds"]["empty"]["wrong_and_sure"] == 1
    assert never["kinds"]["empty"]["right"] == 1


def test_the_digits_come_in_turn_and_the_pictures_are_those_that_are_measured():
    shown = pictures_of("grey", KINDS["grey"], PEOPLE, 12)
    assert [digit for digit, _ in shown] == [*range(10), 0, 1]
    seen = []

    def keep(image):
        seen.append(image.getpixel((0, 0)))
        return None, "blank"

    measure(keep, {"grey": KINDS["grey"]}, PEOPLE, 12)
    assert seen == [image.getpixel((0, 0)) for _, image in shown]


def test_the_table_names_every_kind_and_group():
    text = table(measure(reads(lambda digit: (digit, "digit")), KINDS, PEOPLE, 10))
    assert [line.split()[0] for line in text.splitlines()[1:] if line] == ["all", "plain", "nothing", *KINDS]
