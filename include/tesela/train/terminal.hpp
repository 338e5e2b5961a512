// SPDX-License-Identifier: MIT
// What a stream leads to: a person's terminal, how wide it is and what it can show.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tesela {

struct terminal {
  bool live = false;    // lines can be drawn over
  bool colour = false;
  bool utf8 = false;

  // Colour is off where NO_COLOR is set (https://no-color.org); a dumb terminal cannot redraw. UTF-8
  // is what the environment says, as a library must not call setlocale.
  [[gnu::cold]] static terminal of(std::FILE* out) {
    terminal result;
    const std::string_view kind = environment("TERM");
    result.live = ::isatty(::fileno(out)) == 1 && !kind.empty() && kind != "dumb";
    result.colour = result.live && environment("NO_COLOR").empty();
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
      if (std::string locale(environment(name)); !locale.empty()) {
        for (char& c : locale) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        result.utf8 = locale.find("utf-8") != locale.npos || locale.find("utf8") != locale.npos;
        break;
      }
    }
    return result;
  }

  // Asked anew each time: windows are resized.
  static std::size_t width(std::FILE* out) {
    winsize size{};
    if (::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return 80;
  }

 private:
  static std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : std::string_view(value);
  }
};

}  // namespace tesela
