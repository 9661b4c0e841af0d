// valijson, confined: reads a field's schema and reports violations as our own keywords.
#include "law/schema_check.hpp"

#include "base/check.hpp"

#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <array>
#include <mutex>
#include <optional>

#if !VALIJSON_USE_EXCEPTIONS
#    error "without exceptions valijson ends the process on a value it cannot convert"
#endif

namespace comity::law {

namespace {

struct Phrase {
    std::string_view begin;
    Keyword keyword;
};

// valijson 1.0 names no keyword, only these sentences. A test walks every row, so a version with
// other sentences fails it instead of giving worse texts.
constexpr std::array phrases{
    Phrase{"Value type not permitted", Keyword::type},
    Phrase{"Failed to match against any enum", Keyword::enumeration},
    Phrase{"Failed to match expected value set by 'const'", Keyword::constant},
    Phrase{"String should be no fewer", Keyword::min_length},
    Phrase{"String should be no more", Keyword::max_length},
    Phrase{"Expected number greater", Keyword::minimum},
    Phrase{"Expected number less", Keyword::maximum},
    Phrase{"Array should contain no fewer", Keyword::min_items},
    Phrase{"Array should contain no more", Keyword::max_items},
    Phrase{"Elements at indexes", Keyword::unique_items},
    Phrase{"Failed to match regex", Keyword::pattern},
    Phrase{"Missing required property '", Keyword::required},
    Phrase{"Object contains a property that could not be validated", Keyword::unknown},
};

// Each violation is followed by one line a level that says only that a child failed.
constexpr std::array cascades{
    std::string_view{"Failed to validate item #"},
    std::string_view{"Failed to validate against child schema"},
    std::string_view{"Failed to validate against schema associated with"},
    std::string_view{"Target value and comparison value are not equal"},
};

// The name between the last pair of quotes; a member name may itself hold quotes.
std::string quoted(std::string_view text, std::string_view before) {
    const std::size_t begin = text.find(before);
    const std::size_t end = text.rfind('\'');
    if (begin == std::string_view::npos || end < begin + before.size()) return {};
    return std::string(text.substr(begin + before.size(), end - begin - before.size()));
}

std::optional<Violation> read(const valijson::ValidationResults::Error& error) {
    const std::string_view text = error.description;
    for (const auto& cascade : cascades)
        if (text.starts_with(cascade)) return std::nullopt;
    Violation out;
    for (const auto& phrase : phrases) {
        if (!text.starts_with(phrase.begin)) continue;
        out.keyword = phrase.keyword;
        break;
    }
    if (out.keyword == Keyword::required) out.member = quoted(text, "property '");
    if (out.keyword == Keyword::unknown) out.member = quoted(text, "constraints: '");
    // The context is "<root>", "[persons]", "[3]" …
    for (std::size_t i = 1; i < error.context.size(); ++i) {
        const std::string& part = error.context[i];
        CHECK_THAT(part.size() >= 2 && part.front() == '[' && part.back() == ']');
        out.path.push_back(part.substr(1, part.size() - 2));
    }
    return out;
}

// What only people and our own checks read is left out: valijson's check of dates alone costs
// 2.5 ms a form, because it builds its patterns anew each time.
json::Value stripped(const json::Value& node, bool names_are_members) {
    if (node.is_array()) {
        json::Array out;
        for (const auto& item : node.as_array())
            out.push_back(stripped(item, false));
        return out;
    }
    if (!node.is_object()) return node;
    json::Object out;
    for (const auto& member : node.as_object()) {
        const std::string_view key = member.key();
        if (!names_are_members && (key.starts_with("x-") || key == "format")) continue;
        out[key] = stripped(member.value(), !names_are_members && key == "properties");
    }
    return out;
}

} // namespace

struct SchemaCheck::Impl {
    valijson::Schema schema;
    std::mutex mutex;
    std::vector<std::unique_ptr<valijson::Validator>> idle;

    std::unique_ptr<valijson::Validator> borrow() {
        const std::lock_guard lock(mutex);
        if (idle.empty()) return std::make_unique<valijson::Validator>();
        auto out = std::move(idle.back());
        idle.pop_back();
        return out;
    }

    void give_back(std::unique_ptr<valijson::Validator> validator) {
        const std::lock_guard lock(mutex);
        idle.push_back(std::move(validator));
    }
};

SchemaCheck::SchemaCheck(const json::Object& schema) : impl_(std::make_unique<Impl>()) {
    const json::Value plain = stripped(json::Value(schema), false);
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::BoostJsonAdapter(plain), impl_->schema);
}

SchemaCheck::SchemaCheck(SchemaCheck&&) noexcept = default;
SchemaCheck& SchemaCheck::operator=(SchemaCheck&&) noexcept = default;
SchemaCheck::~SchemaCheck() = default;

std::vector<Violation> SchemaCheck::run(const json::Value& value) const {
    auto validator = impl_->borrow();
    const valijson::adapters::BoostJsonAdapter target(value);
    std::vector<Violation> out;
    // Nearly every form that comes is in order, and the check without a list of errors is faster.
    if (!validator->validate(impl_->schema, target, nullptr)) {
        valijson::ValidationResults results;
        validator->validate(impl_->schema, target, &results);
        valijson::ValidationResults::Error error;
        while (results.popError(error))
            if (auto violation = read(error)) out.push_back(std::move(*violation));
        if (out.empty()) out.push_back({});
    }
    impl_->give_back(std::move(validator));
    return out;
}

} // namespace comity::law
