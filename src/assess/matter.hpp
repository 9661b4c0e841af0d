// All that a test may look at: the request, who asks whom by which road, the law, what the
// directory says, and the day. Values only, so a test of the law is a pure function.
#pragma once

#include "assess/connection.hpp"
#include "assess/request.hpp"
#include "assess/rules.hpp"
#include "law/form.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity::assess {

struct Parties {
    std::string requesting;
    std::string requested;
    std::vector<std::string> third; ///< countries that take part or have been asked to
};

/// Whether something in the directory stands on the day; `unchecked` where nobody has looked, as
/// when a draft is assessed away from a node.
enum class Validity { unchecked, missing, expired, valid };

/// Who authorises, or has authorised.
struct Authoriser {
    /// court, judge, investigating_judge, prosecutor, police; `supervisor` in an emergency in which
    /// the judge's decision is still owed.
    std::string kind;
    bool other_office = true; ///< than the one that issued the request
    bool other_people = true; ///< nobody stands on both sides
};

/// What the directory and the node's own books say, as values.
struct Facts {
    Validity recipient_key = Validity::unchecked;
    Validity training = Validity::unchecked;
    /// The office that the case's opening names; empty when there is no case yet.
    std::string recipient_office;
    std::optional<Authoriser> authoriser;
    /// Whether the same selector and period is asked for in another case that is still pending.
    bool duplicate_pending = false;
    /// The countries that have an authority in the directory; nothing when nobody has looked.
    std::optional<std::vector<std::string>> members;
    /// Expected days for this pair from the federation's record, where it has enough cases.
    std::optional<Figure> recorded_delay;

    struct Ceiling {
        std::int64_t used = 0; ///< cases that count against it, without this one
        std::int64_t ceiling = 0;
        std::optional<Instant> sunset;
    };

    /// The directory's rules for the extraordinary mechanism; nothing: unchecked.
    std::optional<Ceiling> ceiling;
};

struct Matter {
    const Request& request;
    Route route = Route::mla;
    const Parties& parties;
    const Rules& rules;
    const Facts& facts;
    Instant date;
    std::span<const law::Form::Problem> form_problems; ///< what the schema says of the form
    const Connection& connection;
};

} // namespace comity::assess
