"""The HTTP side without vendors: the way of a request, routes, generic handlers, serving."""
