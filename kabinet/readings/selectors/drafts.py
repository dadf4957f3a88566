"""What was typed and kept by a person."""

from kabinet.contracts.values import Viewer
from kabinet.readings.models import Draft, VolumeDraft


def drafts_of(viewer: Viewer) -> int:
    """Return how many drafts the viewer saved last."""
    own = {"saved_by_id": viewer.user_id, "contract__provider_id": viewer.provider_id}
    return Draft.objects.filter(**own).count() + VolumeDraft.objects.filter(**own).count()
