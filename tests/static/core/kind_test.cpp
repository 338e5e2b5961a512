// SPDX-License-Identifier: MIT
// What a wrong argument is called in a sentence.
#include "tesela/core/kind.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace tesela::detail;

namespace {
inline constexpr auto lambda = [](int i) { return i; };
}  // namespace

struct named {};
template <class T>
struct of {};

static_assert(kind_of<int>() == "a number" && kind_of<const unsigned&>() == "a number");
static_assert(kind_of<double>() == "a floating-point number");
static_assert(kind_of<bool&&>() == "true or false");
static_assert(kind_of<const char (&)[5]>() == "text" && kind_of<const char*>() == "text");
static_assert(kind_of<std::string&>() == "text" && kind_of<std::string_view>() == "text");
static_assert(kind_of<decltype(nullptr)>() == "nullptr");
static_assert(kind_of<decltype(lambda)>() == "a lambda");
static_assert(kind_of<int (*)(int)>() == "a function" && kind_of<int(int)>() == "a function");
static_assert(kind_of<named*>() == "a pointer to named");
static_assert(kind_of<const std::vector<float>&>() == "std::vector<float>");
static_assert(kind_of<named>() == "named");


// Long names end in dots.
using long_name = of<of<of<of<of<of<of<of<of<of<of<of<of<of<of<of<of<of<named>>>>>>>>>>>>>>>>>>;
static_assert(kind_of<long_name>().size() == 51 && kind_of<long_name>().view().ends_with("of<..."));

static_assert(kinds_of<>() == "nothing");
static_assert(kinds_of<int>() == "a number");
static_assert(kinds_of<int, named>() == "a number and named");
static_assert(kinds_of<int, named, float>() == "a number, named and a floating-point number");

// Numbers below zero in a sentence.
static_assert((tesela::sentence("x") << -17 << 0 << 18u) == "x-17018");
static_assert((tesela::sentence() << (-9223372036854775807LL - 1)) == "-9223372036854775808");
static_assert((tesela::sentence() << 18446744073709551615ULL) == "18446744073709551615");
