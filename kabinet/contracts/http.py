"""The request as a signed-in customer's pages see it."""

from kabinet.accounts.http import AccountRequest
from kabinet.contracts.values import Viewer


class Request(AccountRequest):
    """A request with the viewer's eyes; pages behind `signed_in` always have them."""

    viewer: Viewer
