"""What is shown of an address before a reason is given: enough to tell two people apart."""


def masked_email(email: str) -> str:
    """Return the address with the middle of its name hidden."""
    name, at, domain = email.partition("@")
    if not at:
        return ""
    return f"{name[:1]}•••{name[-1:] if len(name) > 1 else ''}@{domain}"
