"""Kustomize, as far as files show what it builds: plain objects in, plain objects out, each value at its place.

Written from kubernetes-sigs/kustomize (api/internal/target/kusttarget.go, kyaml/yaml/merge2, api/internal/builtins,
2026-11) and compared with `kubectl kustomize` 5.5. What it fetches or runs (bases elsewhere, plug-ins) is not done
here: what that could change is Unknown.
"""
