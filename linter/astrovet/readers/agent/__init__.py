"""Agents of Remote Execution, from Helm values."""
