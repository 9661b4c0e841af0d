// Strict JSON over Boost.JSON's incremental parser: our handler refuses what the library lets
// pass (duplicate members, numbers that are not integers, U+0000).
#include "base/json.hpp"

#include "base/bytes.hpp"
#include "base/limits.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <unordered_set>

namespace comity::json {

namespace {

namespace bj = boost::json;

// The first piece of memory that a document gets, in bytes; more is taken as it is needed.
constexpr std::size_t least_memory = 512;
constexpr std::size_t most_memory = 48 * 1024;

// The member names of an object that is being read. Most objects have few members, and then looking
// at each is quicker than a table; the table keeps the time of large ones in proportion.
class Names {
public:
    void clear() {
        text_.clear();
        ends_.clear();
        table_.clear();
    }

    /// False when the name is there already.
    bool add(std::string_view name) {
        if (ends_.size() >= few) return add_to_table(name);
        std::size_t from = 0;
        for (const std::size_t end : ends_) {
            if (end - from == name.size() &&
                std::memcmp(text_.data() + from, name.data(), name.size()) == 0)
                return false;
            from = end;
        }
        text_.append(name);
        ends_.push_back(text_.size());
        return true;
    }

private:
    static constexpr std::size_t few = 24;

    bool add_to_table(std::string_view name) {
        if (table_.empty()) {
            std::size_t from = 0;
            for (const std::size_t end : ends_) {
                table_.emplace(text_, from, end - from);
                from = end;
            }
        }
        return table_.emplace(name).second;
    }

    std::string text_; // one name after the other
    std::vector<std::size_t> ends_;
    std::unordered_set<std::string> table_;
};

// Builds the value and keeps, per open object, the member names seen.
struct Handler {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    // What is read lives in one piece of memory that grows and is given back as a whole: reading
    // and forgetting a document costs a few allocations and not one for each text in it.
    bj::storage_ptr memory;
    bj::value_stack stack;
    std::vector<Names> members; // by depth; what is closed is used again
    std::size_t depth = 0;
    std::string key;
    std::string text;
    std::string problem;

    bool fail(std::string why, bj::error_code& ec) {
        problem = std::move(why);
        ec = bj::error::syntax;
        return false;
    }

    bool on_document_begin(bj::error_code&) { return true; }

    bool on_document_end(bj::error_code&) { return true; }

    bool on_object_begin(bj::error_code&) {
        if (members.size() == depth) members.emplace_back();
        members[depth++].clear();
        return true;
    }

    bool on_object_end(std::size_t n, bj::error_code&) {
        --depth;
        stack.push_object(n);
        return true;
    }

    bool on_array_begin(bj::error_code&) { return true; }

    bool on_array_end(std::size_t n, bj::error_code&) {
        stack.push_array(n);
        return true;
    }

    bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) {
        key.append(part.data(), part.size());
        return true;
    }

    bool on_key(bj::string_view part, std::size_t, bj::error_code& ec) {
        // Nearly always the name stands in one piece.
        if (!key.empty()) part = key.append(part.data(), part.size());
        if (part.find('\0') != bj::string_view::npos) return fail("a member name holds U+0000", ec);
        if (!members[depth - 1].add(part))
            return fail(
                fmt::format("the member \"{}\" occurs twice", std::string_view(part).substr(0, 80)),
                ec);
        stack.push_key(part);
        key.clear();
        return true;
    }

    bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) {
        text.append(part.data(), part.size());
        return true;
    }

    bool on_string(bj::string_view part, std::size_t, bj::error_code& ec) {
        if (!text.empty()) part = text.append(part.data(), part.size());
        if (part.find('\0') != bj::string_view::npos) return fail("a string holds U+0000", ec);
        stack.push_string(part);
        text.clear();
        return true;
    }

    bool on_number_part(bj::string_view, bj::error_code&) { return true; }

    bool on_int64(std::int64_t value, bj::string_view, bj::error_code&) {
        stack.push_int64(value);
        return true;
    }

    bool on_uint64(std::uint64_t, bj::string_view, bj::error_code& ec) {
        return fail("a number does not fit 63 bits", ec);
    }

    bool on_double(double, bj::string_view, bj::error_code& ec) {
        return fail("a number is not an integer of 63 bits (use a string for decimals)", ec);
    }

    bool on_bool(bool value, bj::error_code&) {
        stack.push_bool(value);
        return true;
    }

    bool on_null(bj::error_code&) {
        stack.push_null();
        return true;
    }

    bool on_comment_part(bj::string_view, bj::error_code&) { return true; }

    bool on_comment(bj::string_view, bj::error_code&) { return true; }
};

} // namespace

Result<Value> parse(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max)
        return refuse(
            Code::json_malformed,
            say("the document has {} bytes; at most {} are accepted", text.size(), bytes_max));
    bj::parse_options options;
    options.max_depth = limits::json_depth;
    bj::basic_parser<Handler> parser(options);
    // A document read takes some twice the space of its text.
    parser.handler().memory = bj::make_shared_resource<bj::monotonic_resource>(
        std::max(least_memory, std::min(2 * text.size(), most_memory)));
    parser.handler().stack.reset(parser.handler().memory);
    bj::error_code ec;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && used != text.size()) ec = bj::error::extra_data;
    if (ec) {
        const auto& own = parser.handler().problem;
        return refuse(
            Code::json_malformed, say("at byte {}: {}", used, own.empty() ? ec.message() : own));
    }
    return parser.handler().stack.release();
}

Result<Object> parse_object(std::string_view text, std::size_t bytes_max) {
    auto value = parse(text, bytes_max);
    if (!value) return tl::unexpected(value.error());
    if (!value->is_object())
        return refuse(Code::json_malformed, say("the document is not an object"));
    return std::move(value->as_object());
}

void adopt(Object& into, Object&& from) {
    std::destroy_at(&into);
    std::construct_at(&into, std::move(from)); // does not throw
}

std::string print(const Value& value) {
    return bj::serialize(value);
}

namespace {

void print_pretty(std::string& out, const Value& value, std::size_t depth) {
    const auto indent = [&](std::size_t d) {
        out.append(d * 2, ' ');
    };
    if (value.is_object() && !value.as_object().empty()) {
        out += "{\n";
        bool first = true;
        for (const auto& member : value.as_object()) {
            if (!first) out += ",\n";
            first = false;
            indent(depth + 1);
            out += bj::serialize(bj::string(member.key()));
            out += ": ";
            print_pretty(out, member.value(), depth + 1);
        }
        out += "\n";
        indent(depth);
        out += "}";
    } else if (value.is_array() && !value.as_array().empty()) {
        out += "[\n";
        bool first = true;
        for (const auto& item : value.as_array()) {
            if (!first) out += ",\n";
            first = false;
            indent(depth + 1);
            print_pretty(out, item, depth + 1);
        }
        out += "\n";
        indent(depth);
        out += "]";
    } else {
        out += bj::serialize(value);
    }
}

} // namespace

std::string pretty(const Value& value) {
    std::string out;
    print_pretty(out, value, 0);
    out += "\n";
    return out;
}

Reader::Reader(const Object& object, std::string_view what) : object_(object), what_(what) {}

void Reader::complain(std::string_view name, Said problem) {
    if (problem_.empty()) problem_ = say("{}: \"{}\" {}", what_, name, problem);
}

const Value* Reader::take(std::string_view name, bool required) {
    seen_.push_back(name);
    const Value* value = object_.if_contains(name);
    if (!value && required) complain(name, say("is missing"));
    return value;
}

std::string Reader::string(std::string_view name) {
    take(name, true);
    seen_.pop_back();
    return string_if(name).value_or("");
}

std::optional<std::string> Reader::string_if(std::string_view name) {
    const Value* value = take(name, false);
    if (!value) return std::nullopt;
    if (!value->is_string()) {
        complain(name, say("is not a string"));
        return std::nullopt;
    }
    return std::string(value->as_string());
}

std::int64_t Reader::integer(std::string_view name) {
    take(name, true);
    seen_.pop_back();
    return integer_if(name).value_or(0);
}

std::optional<std::int64_t> Reader::integer_if(std::string_view name) {
    const Value* value = take(name, false);
    if (!value) return std::nullopt;
    if (!value->is_int64()) {
        complain(name, say("is not an integer"));
        return std::nullopt;
    }
    return value->as_int64();
}

bool Reader::boolean(std::string_view name) {
    const Value* value = take(name, true);
    if (!value) return false;
    if (!value->is_bool()) {
        complain(name, say("is not true or false"));
        return false;
    }
    return value->as_bool();
}

bool Reader::boolean_or(std::string_view name, bool otherwise) {
    if (has(name)) return boolean(name);
    return otherwise;
}

std::vector<std::string> Reader::strings(std::string_view name) {
    take(name, true);
    seen_.pop_back();
    return strings_if(name);
}

std::vector<std::string> Reader::strings_if(std::string_view name) {
    std::vector<std::string> out;
    for (const auto& item : array_if(name)) {
        if (!item.is_string()) {
            complain(name, say("holds something that is not a string"));
            return {};
        }
        out.emplace_back(item.as_string());
    }
    return out;
}

const Array& Reader::array(std::string_view name) {
    take(name, true);
    seen_.pop_back();
    return array_if(name);
}

const Array& Reader::array_if(std::string_view name) {
    static const Array none;
    const Value* value = take(name, false);
    if (!value) return none;
    if (!value->is_array()) {
        complain(name, say("is not a list"));
        return none;
    }
    return value->as_array();
}

const Object& Reader::object(std::string_view name) {
    static const Object none;
    const Value* value = take(name, true);
    seen_.pop_back();
    if (!value) return none;
    const Object* found = object_if(name);
    return found ? *found : none;
}

const Object* Reader::object_if(std::string_view name) {
    const Value* value = take(name, false);
    if (!value) return nullptr;
    if (!value->is_object()) {
        complain(name, say("is not an object"));
        return nullptr;
    }
    return &value->as_object();
}

const Value* Reader::any_if(std::string_view name) {
    return take(name, false);
}

Result<void> Reader::done() {
    if (problem_.empty()) {
        for (const auto& member : object_) {
            const std::string_view key(member.key());
            if (std::find(seen_.begin(), seen_.end(), key) == seen_.end()) {
                complain(key, say("is not known here"));
                break;
            }
        }
    }
    if (!problem_.empty()) return refuse(Code::json_malformed, problem_);
    return {};
}

} // namespace comity::json
