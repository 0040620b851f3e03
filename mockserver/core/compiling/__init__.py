"""The compiler's steps: a vendor's API description in, compact facts out, no prose kept."""
