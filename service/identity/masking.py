"""What others see of a number: enough to tell two people apart, too little to use (docs/rules.md `privacy.masking`)."""


def mask_phone(number: str | None) -> str | None:
    """`138****1234`; None for none."""
    return _masked(number, shown_first=3, shown_last=4)


def mask_id_number(number: str | None) -> str | None:
    """`5308**********1236`; None for none."""
    return _masked(number, shown_first=4, shown_last=4)


def _masked(number: str | None, *, shown_first: int, shown_last: int) -> str | None:
    if number is None:
        return None
    hidden = len(number) - shown_first - shown_last
    if hidden < shown_last:
        # Too short to be what it should: nothing of it is shown.
        return "*" * len(number)
    return number[:shown_first] + "*" * hidden + number[-shown_last:]


def mask_name(name: str) -> str:
    """`张*`, `岩**`: the first character and as many stars as there were others."""
    return name[:1] + "*" * (len(name) - 1)
