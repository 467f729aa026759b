"""Tertulia: one self-hosted place where a group talks, calls, codes and watches together."""
