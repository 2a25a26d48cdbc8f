"""What rules about network policies share."""

from astrovet import Absent, Known, NetworkPolicy, Unknown, Value


def is_about_ingress(policy: NetworkPolicy) -> Value[bool]:
    """Whether the policy says who may come in."""
    match policy.policy_types:
        case Known(types, place):
            unknown = next((policy_type for policy_type in types if isinstance(policy_type, Unknown)), None)
            if any(isinstance(policy_type, Known) and policy_type.value == "Ingress" for policy_type in types):
                return Known(True, place)
            return unknown or Known(False, place)
        case Unknown() | Absent():
            return policy.policy_types
