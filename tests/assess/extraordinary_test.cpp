// The gates of the extraordinary mechanism, E1 to E5, as tables.
#include "support/assess_matter.hpp"

using namespace comity;
using namespace comity::assess;
using test::check_table;
using test::World;

namespace {

const Route route = Route::extraordinary;

std::string later(std::string_view text, int milliseconds) {
    return to_text(instant_from(text).value() + Milliseconds(milliseconds));
}

} // namespace

TEST_CASE(
    "X3_ E1: a crime of the closed list, under investigation, with the element that makes it so") {
    check_table(
        "E1", route,
        {
            {"an intrusion in progress", [](World&) {}, "met", "law/offences.json"},
            {"a crime that does not depend on speed",
             [](World& w) {
                 w.object("listed_crime")["offence"] = "fraud";
                 w.row("offences", 0)["category"] = "fraud";
             },
             "not_met", ""},
            {"a crime that the pack does not know",
             [](World& w) {
                 w.object("listed_crime")["offence"] = "witchcraft";
                 w.row("offences", 0)["category"] = "witchcraft";
             },
             "not_met", ""},
            {"listed, but another crime is investigated",
             [](World& w) { w.row("offences", 0)["category"] = "fraud"; }, "not_met", ""},
            {"listed, and the element is not stated",
             [](World& w) { w.object("listed_crime").erase("element"); }, "not_met", ""},
        });
}

TEST_CASE("X3_ E2: the ordinary route ends later than the loss, and the loss is still ahead") {
    const std::string now = "2026-03-02T09:00:00Z";
    const std::string ends = "2026-12-17T09:00:00Z"; // 290 days later
    const auto lost = [](const std::string& when) {
        return [=](World& w) {
            w.object("loss")["when"] = when;
        };
    };
    check_table(
        "E2", route,
        {
            {"lost in eight days, 290 by the ordinary route", [](World&) {}, "met", "2AP Art. 9"},
            {"lost already", lost(later(now, -1)), "not_met", ""},
            {"lost now", lost(now), "not_met", ""},
            {"lost in a millisecond", lost(later(now, 1)), "met", ""},
            {"lost just before the ordinary route ends", lost(later(ends, -1)), "met", ""},
            {"lost when the ordinary route ends", lost(ends), "not_met", ""},
            {"lost after the ordinary route has ended", lost(later(ends, 1)), "not_met", ""},
            {"what is lost is not said", [](World& w) { w.object("loss").erase("what"); },
             "not_met", ""},
            {"when it is lost is not said", [](World& w) { w.object("loss").erase("when"); },
             "not_met", ""},
            {"a longer figure of the officer does not help",
             [&](World& w) {
                 lost(ends)(w);
                 w.object("mla_too_slow")["expected_days"] = 3650;
             },
             "not_met", ""},
            {"a shorter figure of the officer counts",
             [](World& w) { w.object("mla_too_slow")["expected_days"] = 7; }, "not_met", ""},
            {"what the record shows goes before what was published",
             [](World& w) { w.facts.recorded_delay = Figure{5, "the record"}; }, "not_met", ""},
            {"no figure is known", [](World& w) { w.rules.published_delay.reset(); },
             "needs_a_person", ""},
        });
}

TEST_CASE("X2_ E3: the country that asks has demonstrated its interest; in part is not enough") {
    check_table(
        "E3", route,
        {
            {"victim and conduct documented", [](World&) {}, "met", "X2"},
            {"only in part", [](World& w) { w.fields["connection"].as_array().resize(1); },
             "not_met", ""},
            {"not at all", [](World& w) { w.fields["connection"] = json::Array{}; }, "not_met", ""},
            {"its own interest is not stated", [](World& w) { w.fields.erase("own_interest"); },
             "not_met", ""},
        });
}

TEST_CASE(
    "N3_ T24 E4: a country that may be the person's takes part, or is out of reach with the attempt") {
    const auto out_of_reach = [](World& w) {
        w.parties.third.clear();
        w.facts.members = std::vector<std::string>{"XA", "XB"};
        w.row("third_countries", 0)["reachable"] = false;
        w.row("third_countries", 0)["attempt"] = "Called and written to on 1 March 2026.";
    };
    check_table(
        "E4", route,
        {
            {"Cordia takes part", [](World&) {}, "met", "N3"},
            {"Cordia takes no part", [](World& w) { w.parties.third.clear(); }, "not_met", ""},
            {"Cordia is not named and nothing points there",
             [](World& w) {
                 w.parties.third.clear();
                 w.fields["third_countries"] = json::Array{};
             },
             "met", ""},
            {"Cordia is not named, and the suspect resides there",
             [](World& w) {
                 w.parties.third.clear();
                 w.fields["third_countries"] = json::Array{};
                 w.row("persons", 0)["residence"] = "XC";
             },
             "not_met", ""},
            {"out of reach, with the attempt", out_of_reach, "met", ""},
            {"out of reach, without an attempt",
             [&](World& w) {
                 out_of_reach(w);
                 w.row("third_countries", 0).erase("attempt");
             },
             "not_met", ""},
            {"said to be out of reach, and in the directory",
             [&](World& w) {
                 out_of_reach(w);
                 w.facts.members->push_back("XC");
             },
             "not_met", ""},
        });
}

TEST_CASE("T26 E5: at the ceiling and after the sunset the mechanism is closed") {
    const auto used = [](std::int64_t cases) {
        return [=](World& w) {
            w.facts.ceiling->used = cases;
        };
    };
    const auto sunset = [](const std::string& when) {
        return [=](World& w) {
            w.facts.ceiling->sunset = instant_from(when);
        };
    };
    const std::string now = "2026-03-02T09:00:00Z";
    check_table(
        "E5", route,
        {
            {"four of twenty", [](World&) {}, "met", "rules of the federation"},
            {"the last below the ceiling", used(19), "met", ""},
            {"at the ceiling", used(20), "not_met", ""},
            {"above the ceiling", used(21), "not_met", ""},
            {"a ceiling of none",
             [](World& w) {
                 w.facts.ceiling = Facts::Ceiling{0, 0, instant_from("2027-01-01T00:00:00Z")};
             },
             "not_met", ""},
            {"a millisecond before the sunset", sunset(later(now, 1)), "met", ""},
            {"at the sunset", sunset(now), "not_met", ""},
            {"after the sunset", sunset(later(now, -1)), "not_met", ""},
            {"the federation agreed on no such mechanism",
             [](World& w) { w.facts.ceiling->sunset.reset(); }, "not_met", ""},
            {"nobody has looked", [](World& w) { w.facts.ceiling.reset(); }, "needs_a_person", ""},
        });
}

TEST_CASE("the ordinary routes ask nothing of the extraordinary gates") {
    CHECK(World(Route::mla).assess().findings.size() == ordinary_tests);
    CHECK(World(Route::emergency).assess().findings.size() == ordinary_tests);
    CHECK(World(Route::extraordinary).assess().findings.size() == all_tests);
}
