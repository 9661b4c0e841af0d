// A form of an act: a JSON Schema (draft-07) in which every field states its titles, who may read
// it (its audience) and which instruments ask for it. Checks filled-in forms, whole or as one side
// sees them, and splits them into the parts that travel (docs/law.md, Forms).
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"
#include "base/said.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity::law {

/// The sides of a case, in the one order in which every audience lists them.
std::span<const std::string_view> sides();

/// A name or text of the law data in the three languages. A form's file has English and French; its
/// Arabic is by the English (base/said.hpp) and may be missing.
struct Text {
    std::string en;
    std::string fr;
    std::string ar;

    /// In en, fr or ar; in English where there is no such language or text.
    [[nodiscard]] const std::string& in(std::string_view language) const;
    /// {"en", "fr", "ar"}, without what is missing: Text of the interface.
    [[nodiscard]] json::Object all() const;

    /// In records by this code, for readers by these words.
    [[nodiscard]] Said titled(std::string_view code) const {
        return Said::titled(std::string(code), {en, fr, ar});
    }
};

/// One top-level field of a form.
struct Field {
    std::string name;
    std::vector<std::string> audience; ///< in the order of sides(), never empty
    bool required = false;
    Text title;
    Text help;
    std::vector<std::string> sources; ///< the instruments that ask for it; "Comity" where we do
};

class FieldRule;   // a field's schema, compiled: whether a value is in order (form_rule.hpp)
class SchemaCheck; // the schema validator behind one field: what is wrong (schema_check.hpp)

/// Safe to use from several threads at once.
class Form {
public:
    /// Reads and lints a schema. Refuses with form_schema_malformed, naming file and field.
    static Result<Form> read(std::string_view text, std::string_view file_name);

    Form(Form&&) noexcept;
    Form& operator=(Form&&) noexcept;
    ~Form();

    [[nodiscard]] const std::string& id() const { return id_; }

    [[nodiscard]] const Text& title() const { return title_; }

    /// In the order of the schema.
    [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

    [[nodiscard]] const Field* field(std::string_view name) const;

    /// The schema as it stands in the file, for the pages.
    [[nodiscard]] const json::Object& schema() const { return schema_; }

    /// Checks filled-in fields. With an empty `side` the whole form; with a side exactly the
    /// fields that this side may read: the required ones of them must be there, and a field that
    /// is not for this side is refused. Refuses with form_invalid; the facts list up to twenty
    /// problems, each as JSON pointer and sentence.
    [[nodiscard]] Result<void> validate(
        const json::Object& fields, std::string_view side = {}) const;

    /// The same, as a list: empty when there is no problem.
    struct Problem {
        std::string pointer; ///< RFC 6901; empty for the form itself
        Said text;           ///< a sentence without the full stop
        /// For programs: required, type, format, pattern, enum, length, range, count, duplicate,
        /// unknown, other.
        std::string_view code;
    };

    [[nodiscard]] std::vector<Problem> problems(
        const json::Object& fields, std::string_view side = {}) const;

    /// The two ways behind `problems`, for one field: the quick one says whether the value is in
    /// order, the other one what is wrong with it. They must agree.
    [[nodiscard]] bool holds(std::size_t index, const json::Value& value) const;
    void explain(std::size_t index, const json::Value& value, std::vector<Problem>& out) const;

private:
    Form();

    std::string id_;
    Text title_;
    std::vector<Field> fields_;
    json::Object schema_;
    std::vector<FieldRule> rules_;    ///< one for each field
    std::vector<SchemaCheck> checks_; ///< likewise
};

/// What goes into one part of a body: the fields with the same audience.
struct PartPlan {
    std::vector<std::string> audience;
    json::Object fields;

    bool operator==(const PartPlan&) const = default;
};

/// Groups the given fields by audience; parts by audience in the order of sides(), fields in the
/// order of the form. Every field must be one of the form's: validate first (CHECK_THAT).
std::vector<PartPlan> split(const Form& form, const json::Object& fields);

/// The reverse, from the parts that could be read. Refuses with part_audience when a part holds a
/// field that is not of this form or not of this audience (so nobody can hide a field in a part
/// that its readers should not see), and when a field stands in two parts.
Result<json::Object> merge(const Form& form, std::vector<PartPlan> parts);

} // namespace comity::law
