// Most texts hold nothing that must be escaped.
#include "base/json_text.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace comity::json {

namespace bj = boost::json;

void print_text(std::string& out, std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](const char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
    });
    if (plain)
        out.append("\"").append(text).append("\"");
    else
        out.append(bj::serialize(bj::string_view(text.data(), text.size())));
}

} // namespace comity::json
