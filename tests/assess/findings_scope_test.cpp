// F8 to F11 as tables: how much is asked, why, and what becomes of it. Each date and period one
// millisecond below, at and above its threshold.
#include "support/assess_matter.hpp"

using namespace comity;
using namespace comity::assess;
using test::check_table;
using test::World;

namespace {

const Route mla = Route::mla;

std::string later(std::string_view text, int milliseconds) {
    return to_text(instant_from(text).value() + Milliseconds(milliseconds));
}

json::Object& cell(World& world, std::size_t index) {
    return world.row("grid", index);
}

} // namespace

TEST_CASE("F8 says that an address without its port may name nobody") {
    const auto says = [](World& world) {
        const auto finding = world.find("F8");
        CHECK(name(finding.outcome) == "met");
        return std::any_of(finding.because.begin(), finding.because.end(), [](const Fact& fact) {
            return fact.where == "/grid/2/selector/port";
        });
    };
    World world;
    CHECK_FALSE(says(world));
    cell(world, 2)["selector"].as_object().erase("port");
    CHECK(says(world));
}

TEST_CASE("T31 F8: each row names one account, with a period bounded and behind us") {
    // 366 days after the beginning of the second row.
    const std::string most = "2026-01-06T00:00:00Z";
    const auto long_period = [&](int milliseconds) {
        return [=](World& w) {
            cell(w, 1)["from"] = "2025-01-05T00:00:00Z";
            cell(w, 1)["to"] = later(most, milliseconds);
        };
    };
    const auto ends = [](int milliseconds) {
        return [=](World& w) {
            cell(w, 1)["to"] = later("2026-03-02T09:00:00Z", milliseconds);
        };
    };
    check_table(
        "F8", mla,
        {
            {"the example", [](World&) {}, "met", "law/floor.json"},
            {"a wildcard",
             [](World& w) {
                 cell(w, 0)["selector"].as_object()["value"] = "*@nimbus-mail.example";
             },
             "not_met", ""},
            {"no row", [](World& w) { w.fields["grid"] = json::Array{}; }, "not_met", ""},
            {"the same row twice",
             [](World& w) { w.fields["grid"].as_array().emplace_back(cell(w, 1)); }, "not_met", ""},
            {"access data without an end", [](World& w) { cell(w, 1).erase("to"); }, "not_met", ""},
            {"access data without a beginning", [](World& w) { cell(w, 1).erase("from"); },
             "not_met", ""},
            {"subscriber data needs no period", [](World&) {}, "met", ""},
            {"a period ends just before the request", ends(-1), "met", ""},
            {"a period ends at the request", ends(0), "met", ""},
            {"a period ends in the future", ends(1), "not_met", ""},
            {"a millisecond shorter than the floor's maximum", long_period(-1), "met", ""},
            {"at the floor's maximum", long_period(0), "met", ""},
            {"a millisecond longer", long_period(1), "not_met", ""},
            {"a live interception cannot be said",
             [](World& w) { cell(w, 1)["category"] = "realtime_content"; }, "not_met", ""},
            {"preservation is no production",
             [](World& w) { cell(w, 1)["category"] = "preservation"; }, "not_met", ""},
        });
}

TEST_CASE("X4_ F9: thirteen answers, the least intrusive means, nothing twice") {
    check_table(
        "F9", mla,
        {
            {"the example", [](World&) {}, "met", "principles 1 to 13"},
            {"one principle is missing",
             [](World& w) { w.object("principles").erase("integrity"); }, "not_met", ""},
            {"a principle is answered by dots",
             [](World& w) { w.object("principles")["integrity"] = "...................."; },
             "not_met", ""},
            {"nine letters are no answer",
             [](World& w) { w.object("principles")["integrity"] = "abcdefghi ----------"; },
             "not_met", ""},
            {"ten letters pass the program; the judge reads them",
             [](World& w) { w.object("principles")["integrity"] = "abcdefghij ---------"; }, "met",
             ""},
            {"two principles have the same answer",
             [](World& w) {
                 w.object("principles")["adequacy"] = w.object("principles")["necessity"];
             },
             "not_met", ""},
            {"access data and no less intrusive means",
             [](World& w) { w.fields["less_intrusive"] = json::Array{}; }, "not_met", ""},
            {"subscriber data alone is the least intrusive",
             [](World& w) {
                 w.fields["less_intrusive"] = json::Array{};
                 w.fields["grid"].as_array().resize(1);
             },
             "met", ""},
            {"the tie of selector and offence is not said",
             [](World& w) { w.fields.erase("nexus"); }, "not_met", ""},
            {"the same is pending in another case",
             [](World& w) { w.facts.duplicate_pending = true; }, "not_met", ""},
        });
    for (const auto principle : principle_names) {
        INFO(principle);
        World world;
        world.object("principles").erase(principle);
        CHECK(world.outcome("F9") == "not_met");
    }
}

TEST_CASE("R2_ F10: a date of notice, a court, an address, a time limit; empty is not met") {
    const std::string now = "2026-03-02T09:00:00Z";
    const std::string most = "2026-05-31T09:00:00Z"; // 90 days
    const auto due = [](const std::string& when) {
        return [=](World& w) {
            w.object("notice_plan")["due_by"] = when;
        };
    };
    const auto deferred = [](const std::string& when) {
        return [=](World& w) {
            w.object("notice_plan")["deferral"] = json::Object{
                {"grounds", json::Array{"obstruct_inquiry"}},
                {"reasons", "Accounts could be emptied before they are frozen."},
                {"until", when}};
        };
    };
    check_table(
        "F10", mla,
        {
            {"the example", [](World&) {}, "met", "R1543 Arts. 13, 18"},
            {"no date", [](World& w) { w.object("notice_plan").erase("due_by"); }, "not_met", ""},
            {"no plan at all", [](World& w) { w.fields.erase("notice_plan"); }, "not_met", ""},
            {"due now", due(now), "not_met", ""},
            {"due in a millisecond", due(later(now, 1)), "met", ""},
            {"due at the longest", due(most), "met", ""},
            {"due a millisecond later", due(later(most, 1)), "not_met", ""},
            {"deferred to the longest", deferred(most), "met", ""},
            {"deferred beyond", deferred(later(most, 1)), "not_met", "law/floor.json"},
            {"deferred without end",
             [&](World& w) {
                 deferred(most)(w);
                 w.object("notice_plan")["deferral"].as_object().erase("until");
             },
             "not_met", ""},
            {"how the person is reached is blank",
             [](World& w) { w.object("notice_plan")["reach"] = " - "; }, "not_met", ""},
            {"no court", [](World& w) { w.object("remedy").erase("court"); }, "not_met", ""},
            {"no address", [](World& w) { w.object("remedy")["address"] = " "; }, "not_met", ""},
            {"a time limit of no days", [](World& w) { w.object("remedy")["time_limit"] = "P0D"; },
             "not_met", ""},
            {"a time limit of a day", [](World& w) { w.object("remedy")["time_limit"] = "P1D"; },
             "met", ""},
            {"a time limit in words", [](World& w) { w.object("remedy")["time_limit"] = "soon"; },
             "not_met", ""},
            {"no remedy at all", [](World& w) { w.fields.erase("remedy"); }, "not_met", ""},
        });
}

TEST_CASE("X5_ F11: an end of retention within the floor, one purpose, named openers") {
    const std::string now = "2026-03-02T09:00:00Z";
    const std::string most = "2027-03-02T09:00:00Z"; // a year
    const auto kept = [](const std::string& until) {
        return [=](World& w) {
            w.fields["retention_end"] = until;
        };
    };
    check_table(
        "F11", mla,
        {
            {"the example", [](World&) {}, "met", "2AP Art. 14"},
            {"no end", [](World& w) { w.fields.erase("retention_end"); }, "not_met", ""},
            {"ends now", kept(now), "not_met", ""},
            {"ends in a millisecond", kept(later(now, 1)), "met", ""},
            {"ends at the longest", kept(most), "met", ""},
            {"ends a millisecond later", kept(later(most, 1)), "not_met", "law/floor.json"},
            {"no purpose", [](World& w) { w.object("use")["purpose"] = "....................."; },
             "not_met", ""},
            {"nobody may open", [](World& w) { w.object("use")["openers"] = json::Array{}; },
             "not_met", ""},
            {"one opener is blank",
             [](World& w) { w.object("use")["openers"].as_array().emplace_back(" "); }, "not_met",
             ""},
            {"onward transfer is not ruled out",
             [](World& w) { w.object("undertakings")["no_onward_transfer"] = false; }, "not_met",
             ""},
            {"it may serve other proceedings",
             [](World& w) { w.object("undertakings")["this_proceeding_only"] = false; }, "not_met",
             ""},
        });
}
