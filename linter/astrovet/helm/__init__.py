"""Helm: releases, the layers of their values, and what a chart understands."""
