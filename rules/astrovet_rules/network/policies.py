"""What rules about network policies share."""

from astrovet import Absent, Known, NetworkPolicy, Unknown, Value


def is_about_ingress(policy: NetworkPolicy) -> Value[bool]:
    """Whether the policy says who may come in."""
    match policy.policy_types:
        case Known(types, place):
            unknown = next((each for each in types if isinstance(each, Unknown)), None)
            if any(isinstance(each, Known) and each.value == "Ingress" for each in types):
                return Known(True, place)
            return unknown or Known(False, place)
        case Unknown() | Absent():
            return policy.policy_types
