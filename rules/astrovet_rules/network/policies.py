"""What rules about network policies share."""

from astrovet import Absent, Known, NetworkPolicy, Unknown, Value, first_unknown, known_values


def is_about_ingress(policy: NetworkPolicy) -> Value[bool]:
    """Whether the policy says who may come in."""
    match policy.policy_types:
        case Known(types, place):
            unknown = first_unknown(types)
            if "Ingress" in known_values(types):
                return Known(True, place)
            return unknown or Known(False, place)
        case Unknown() | Absent():
            return policy.policy_types
