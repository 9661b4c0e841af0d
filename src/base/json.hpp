// The one door for JSON. Parsing is strict: UTF-8, no duplicate members, no number that is not an
// integer of 64 bits, no U+0000, no trailing bytes, depth and size limited. What is signed is kept
// as bytes and never serialised again, so nothing here canonicalises.
#pragma once

#include "base/refusal.hpp"

#include <boost/json.hpp>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace comity::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

/// Reads exactly one JSON document. Refuses with Code::json_malformed and says where and why.
/// What is read shares one memory: it is not to be changed in two threads at once, and what is to
/// be kept alone is copied (a copy has memory of its own), not moved.
Result<Value> parse(std::string_view text, std::size_t bytes_max);
/// The same, and the document must be an object.
Result<Object> parse_object(std::string_view text, std::size_t bytes_max);

/// Moves an object together with the memory it lives in. Assignment would copy everything into the
/// memory of `into`.
void adopt(Object& into, Object&& from);

std::string print(const Value& value);
/// With two-space indentation and a final newline, for files that people read.
std::string pretty(const Value& value);

/// Readers of one object: each `get` remembers the first thing that was missing or of another
/// type; unknown members are found by `done`. Use:
///     Reader in{object, "roll entry"};
///     entry.office = in.string("office");
///     TRY_VOID(in.done());
class Reader {
public:
    Reader(const Object& object, std::string_view what);

    std::string string(std::string_view name);
    /// Empty when the member is absent; refused when it is there and not a string.
    std::optional<std::string> string_if(std::string_view name);
    std::int64_t integer(std::string_view name);
    std::optional<std::int64_t> integer_if(std::string_view name);
    bool boolean(std::string_view name);
    bool boolean_or(std::string_view name, bool otherwise);
    std::vector<std::string> strings(std::string_view name);
    std::vector<std::string> strings_if(std::string_view name);
    const Array& array(std::string_view name);
    const Array& array_if(std::string_view name);
    const Object& object(std::string_view name);
    const Object* object_if(std::string_view name);

    bool has(std::string_view name) const { return object_.if_contains(name) != nullptr; }

    /// The member as it is, of any type.
    const Value* any_if(std::string_view name);

    /// The first complaint stands: what is wrong with the member of that name.
    void complain(std::string_view name, Said problem);

    void complain(std::string_view name, std::string problem) {
        complain(name, Said::value(std::move(problem)));
    }

    /// Refuses with Code::json_malformed if something was missing, mistyped or unknown.
    Result<void> done();

private:
    const Value* take(std::string_view name, bool required);

    const Object& object_;
    std::string what_;
    std::vector<std::string_view> seen_;
    Said problem_;
};

} // namespace comity::json
