// SPDX-License-Identifier: MIT
// Reads JSON value by value (RFC 8259), for a caller who knows what must come next; and writes its
// texts.
//
// No tree is built and nothing recurses: the caller opens the objects and arrays that its format
// has and refuses the others at their first character, so nesting costs neither stack nor memory.
// Strict: no comments, no trailing commas, texts in UTF-8, surrogates in pairs.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/io/quote.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tesela::io::detail {

// Where the first byte stands that is no UTF-8, if there is one; behind the text when it is cut
// off.
[[gnu::cold]] inline std::optional<std::size_t> not_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  for (std::size_t at = 0; at < text.size();) {
    const unsigned lead = byte(at);
    if (lead < 0x80) {
      ++at;
      continue;
    }
    if (lead < 0xC2 || lead > 0xF4) return at;
    const std::size_t more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    // Neither an overlong form, nor a surrogate, nor beyond U+10FFFF.
    const unsigned least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(at + 1) < least || byte(at + 1) > most) return at + 1;
    for (std::size_t i = 2; i <= more; ++i) {
      if (byte(at + i) < 0x80 || byte(at + i) > 0xBF) return at + i;
    }
    at += 1 + more;
  }
  return std::nullopt;
}

inline bool is_control(char c) { return static_cast<unsigned char>(c) < ' '; }

// A text in quotes; nothing when it is no UTF-8, which JSON cannot say.
[[gnu::cold]] inline std::optional<std::string> json_text(std::string_view text) {
  if (not_utf8(text)) return std::nullopt;
  constexpr std::string_view letters = "btn\vfr";  // for the bytes 8 to 13; 11 has none
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (c >= '\b' && c <= '\r' && c != '\v') {
      result += {'\\', letters[static_cast<std::size_t>(c - '\b')]};
    } else if (is_control(c)) {
      result += compose("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

enum class json_kind { object, array, text, whole, other };

struct json_value {
  json_kind kind;
  std::string text;          // a text as it is; any other value as a message may show it
  std::uint64_t number = 0;  // of a whole number from 0 to 2^64 - 1
};

// Reads UTF-8. Throws io_error, whose message begins with `prefix`, at the first byte that cannot
// stand where it stands.
class json_scanner {
 public:
  json_scanner(std::string_view text, std::string_view prefix) : text_(text), prefix_(prefix) {}

  // The value that comes next. Of an object or array the opening bracket alone is taken: what is in
  // it is read with `members` or `elements`, or the caller refuses it.
  [[gnu::cold]] json_value value() {
    switch (next()) {
      case '{':
        ++at_;
        return {json_kind::object, "an object"};
      case '[':
        ++at_;
        return {json_kind::array, "an array"};
      case '"':
        return {json_kind::text, text()};
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  // Behind '{': member(key) for each; it takes the value. The closing bracket is taken.
  template <class Member>
  [[gnu::cold]] void members(Member member) {
    if (take_if('}')) return;
    do {
      if (next() != '"') refuse();
      std::string key = text();
      take(':');
      member(std::move(key));
    } while (take_if(','));
    take('}');
  }

  // Behind '[': element() for each; it takes the value. The closing bracket is taken.
  template <class Element>
  [[gnu::cold]] void elements(Element element) {
    if (take_if(']')) return;
    do {
      element();
    } while (take_if(','));
    take(']');
  }

  // Nothing but space may follow.
  void finish() {
    next();
    if (at_ != text_.size()) refuse();
  }

 private:
  [[noreturn, gnu::cold]] void refuse() const {
    throw io_error(compose("{}it is not valid JSON (byte {} of the header)", prefix_, at_ + 1));
  }

  // The byte at the cursor; NUL, which no JSON has, behind the last.
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_digit() const { return here() >= '0' && here() <= '9'; }

  char next() {
    while (here() == ' ' || here() == '\n' || here() == '\r' || here() == '\t') ++at_;
    return here();
  }

  bool take_if(char wanted) {
    if (next() != wanted) return false;
    ++at_;
    return true;
  }

  void take(char wanted) {
    if (!take_if(wanted)) refuse();
  }

  [[gnu::cold]] json_value word(std::string_view letters) {
    for (const char letter : letters) {
      if (here() != letter) refuse();
      ++at_;
    }
    return {json_kind::other, std::string(letters)};
  }

  [[gnu::cold]] void digits() {
    if (!at_digit()) refuse();
    while (at_digit()) ++at_;
  }

  template <class Number>
  static bool converted(std::string_view spelling, Number& to) {
    return std::from_chars(spelling.data(), spelling.data() + spelling.size(), to).ec ==
           std::errc();
  }

  [[gnu::cold]] json_value number() {
    const std::size_t begin = at_;
    if (here() == '-') ++at_;
    if (here() == '0') {
      ++at_;
    } else {
      digits();
    }
    bool whole = true;
    if (here() == '.') {
      whole = false;
      ++at_;
      digits();
    }
    if (here() == 'e' || here() == 'E') {
      whole = false;
      ++at_;
      if (here() == '+' || here() == '-') ++at_;
      digits();
    }
    const std::string_view spelling = text_.substr(begin, at_ - begin);
    json_value result{json_kind::other, quote(spelling)};
    if (std::int64_t negative = 0; whole && converted(spelling, negative)) {
      result.text = compose("{}", negative);
    }
    if (whole && converted(spelling, result.number)) {
      result = {json_kind::whole, std::string(spelling), result.number};
    }
    return result;
  }

  [[gnu::cold]] std::string text() {
    std::string result;
    for (++at_; here() != '"'; ++at_) {
      if (here() == '\\') {
        escape(result);
      } else if (is_control(here())) {
        refuse();
      } else {
        result += here();
      }
    }
    ++at_;
    return result;
  }

  // Leaves the cursor on its last byte.
  [[gnu::cold]] void escape(std::string& result) {
    ++at_;
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (here() == 'u') {
      append_utf8(result, code_point());
    } else if (const auto i = letters.find(here()); i != letters.npos) {
      result += meanings[i];
    } else {
      refuse();
    }
  }

  // Four hexadecimal digits, or two times four: a surrogate stands only in a pair.
  [[gnu::cold]] std::uint32_t code_point() {
    const std::uint32_t first = code_unit();
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first > 0xDBFF) refuse();
    for (const char wanted : {'\\', 'u'}) {
      ++at_;
      if (here() != wanted) refuse();
    }
    const std::uint32_t second = code_unit();
    if (second < 0xDC00 || second > 0xDFFF) refuse();
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
  }

  [[gnu::cold]] std::uint32_t code_unit() {
    std::uint32_t result = 0;
    for (int i = 0; i < 4; ++i) {
      ++at_;
      const char lower = static_cast<char>(here() | 0x20);
      if (!at_digit() && (lower < 'a' || lower > 'f')) refuse();
      result =
          16 * result + static_cast<std::uint32_t>(at_digit() ? here() - '0' : lower - 'a' + 10);
    }
    return result;
  }

  static void append_utf8(std::string& result, std::uint32_t code) {
    const auto tail = [&](unsigned shift) {
      result += static_cast<char>(0x80 | ((code >> shift) & 0x3F));
    };
    if (code < 0x80) {
      result += static_cast<char>(code);
    } else if (code < 0x800) {
      result += static_cast<char>(0xC0 | (code >> 6));
      tail(0);
    } else if (code < 0x10000) {
      result += static_cast<char>(0xE0 | (code >> 12));
      tail(6);
      tail(0);
    } else {
      result += static_cast<char>(0xF0 | (code >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  std::string_view text_, prefix_;
  std::size_t at_ = 0;
};

}  // namespace tesela::io::detail
