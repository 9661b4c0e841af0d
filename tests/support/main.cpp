// The one test runner: doctest's main, shared by every room's test program.
#define DOCTEST_CONFIG_IMPLEMENT // told again: the precompiled header has seen the rest
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
