// A request that meets every test, and what is needed to change one thing about it: the example of
// law/examples, the law of the invented countries written by hand, and the facts of the directory.
#pragma once

#include "assess/assessment.hpp"
#include "assess/findings.hpp"
#include "support/law_files.hpp"

#include <functional>

namespace comity::test {

/// The law that an ordinary request of Arcadia (XA) to Borealis (XB) meets, small enough to read.
inline assess::Rules practice_rules() {
    assess::Rules out;
    assess::Relied treaty;
    treaty.id = "xa-xb-mlat-2011";
    treaty.title = {
        "Treaty of Arcadia and Borealis on assistance",
        "Traité d’entraide entre l’Arcadie et la Boréalie",
        "معاهدة المساعدة بين أركاديا وبورياليس"};
    treaty.dual_article = "5";
    treaty.spared_months = 36;
    treaty.grounds = {{"political_offence", "6(a)"}, {"essential_interests", "6(b)"}};
    assess::Carried carried;
    for (auto& carriage : carried.categories)
        carriage = {true, {}, 12, true};
    carried.dual = law::DualRule::required;
    treaty.offences = {carried};
    out.relied = treaty;
    for (auto& category : out.categories) {
        category.period = Period{.days = 366};
        category.seriousness = {{12, {}, false, "profile XB"}};
    }
    for (const auto serious : {law::Category::traffic, law::Category::content})
        out.categories.at(assess::at(serious))
            .seriousness.push_back({36, {"terrorism"}, false, "law/floor.json"});
    out.offences = {
        {{"computer-fraud", {}}, false, "", Said::value("budapest-185 (8)")},
        {{"fraud", {}}, false, "", {}},
        {{"terrorism", {}}, true, "an attack is under way", {}},
        {{"intrusion-in-progress", {}},
         true,
         "volatile traces",
         Said::value("three-shores-2024 (5)")}};
    out.profile_known = true;
    out.profile_source = "profile XB";
    out.dual = law::DualRule::required;
    out.dual_source = "profile XB, dual";
    out.grounds = {
        {"political_offence", true, "profile XB, political"},
        {"fiscal_offence", false, "profile XB, fiscal"},
        {"military_offence", true, "profile XB, military"},
        {"ne_bis_in_idem", std::nullopt, "profile XB, twice"}};
    out.assurance = law::Assurance::required;
    out.assurance_source = "profile XB, death penalty";
    out.death_penalty = law::DeathPenalty::abolished_all_crimes;
    out.languages = std::vector<std::string>{"fr"};
    out.languages_source = "profile XB, languages";
    out.certification = true;
    out.assistance_law = "Assistance Act of Borealis";
    out.retention = Period{.years = 1};
    out.deferral = Period{.days = 90};
    out.published_delay = assess::Figure{290, "volumes.json, invented"};
    return out;
}

inline assess::Facts practice_facts() {
    assess::Facts out;
    out.recipient_key = assess::Validity::valid;
    out.training = assess::Validity::valid;
    out.recipient_office = "arcadia-cyber-unit";
    out.authoriser = assess::Authoriser{"court", true, true};
    out.members = std::vector<std::string>{"XA", "XB", "XC"};
    out.ceiling = assess::Facts::Ceiling{3, 20, instant_from("2027-03-02T00:00:00Z")};
    return out;
}

/// Everything a test may look at, owned, so that a row of a table can change any part of it.
struct World {
    explicit World(assess::Route the_route = assess::Route::mla) : route(the_route) {
        fields =
            law_example(route == assess::Route::extraordinary ? "extraordinary-request" : "request")
                .fields;
        if (route == assess::Route::emergency) threaten();
        parties.requesting = "XA";
        parties.requested = "XB";
        if (route == assess::Route::extraordinary) parties.third = {"XC"};
    }

    assess::Route route;
    json::Object fields;
    assess::Parties parties;
    assess::Rules rules = practice_rules();
    assess::Facts facts = practice_facts();
    Instant date = instant_from("2026-03-02T09:00:00Z").value();
    std::vector<law::Form::Problem> problems;

    /// What makes the example a case for the emergency route.
    void threaten() {
        auto& urgency = object("urgency");
        urgency["level"] = "emergency";
        urgency["kinds"] = json::Array{"threat_to_life"};
        urgency["reasons"] = "A child is held; the demand runs out on 3 March at noon.";
    }

    [[nodiscard]] assess::Assessment assess() const {
        const auto request = assess::read_request(fields);
        return assess::assess({request, route, parties, rules, facts, date, problems});
    }

    [[nodiscard]] assess::Finding find(std::string_view test) const {
        const auto all = assess();
        const auto* found = all.find(test);
        REQUIRE(found != nullptr);
        return *found;
    }

    [[nodiscard]] std::string outcome(std::string_view test) const {
        return std::string(name(find(test).outcome));
    }

    json::Object& object(std::string_view member) { return fields[member].as_object(); }

    json::Object& row(std::string_view list, std::size_t index) {
        return fields[list].as_array().at(index).as_object();
    }
};

/// A row of a table that a lawyer can read: the facts in words, the change that makes them so, the
/// outcome, and what the finding's source must name.
struct Row {
    std::string facts;
    std::function<void(World&)> change;
    std::string outcome;
    std::string source;
};

inline void check_table(std::string_view test, assess::Route route, const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        INFO(test, ": ", row.facts);
        World world(route);
        row.change(world);
        const auto finding = world.find(test);
        CHECK(name(finding.outcome) == row.outcome);
        CHECK_MESSAGE(finding.source.find(row.source) != std::string::npos, finding.source);
        CHECK(finding.because.empty() == false);
        CHECK(finding.mends.empty() == (finding.outcome == assess::Outcome::met));
    }
}

} // namespace comity::test
