// A request in a file, to be assessed without a node: a whole one, or a case of law/cases, which is
// a difference from an example together with what a lawyer expects of it (law/README.md, Cases).
#pragma once

#include "assess/assessment.hpp"
#include "law/library.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comity::assess {

struct CaseFile {
    std::string id; ///< empty for a whole request
    law::Text title;
    std::string why;
    Route route = Route::mla;
    Parties parties;
    Instant date;
    json::Object fields;
    Facts facts;

    // What is expected; all empty for a whole request.
    std::map<std::string, std::string, std::less<>> expect;     ///< test to outcome
    std::map<std::string, std::string, std::less<>> conclusion; ///< country to conclusion
    std::map<std::string, bool, std::less<>> admitted;          ///< act to whether it can go on

    [[nodiscard]] std::string_view form() const {
        return route == Route::extraordinary ? "extraordinary-request" : "request";
    }
};

/// The fields of an example, by the name of its file without the ending.
using BaseFields = std::function<Result<json::Object>(std::string_view base)>;

/// `today` is the date of a whole request that states none. Refuses with json_malformed, or with
/// what `base` refuses.
Result<CaseFile> read_case_file(const json::Object& object, const BaseFields& base, Instant today);

/// RFC 7396.
json::Value merge_patch(json::Value target, const json::Value& patch);

/// `form` is the pack's for the route of the case.
Assessment assess_case(const law::Library& library, const law::Form& form, const CaseFile& file);

/// Whether the act could go on if a person answered all that may be left to a person.
bool could_go_on(std::string_view act, const Assessment& assessment);

/// Where the assessment is not what the file expects, one sentence each.
std::vector<std::string> differences(const CaseFile& file, const Assessment& assessment);

} // namespace comity::assess
