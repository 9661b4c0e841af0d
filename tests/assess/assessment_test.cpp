// Which act requires which finding, what a person may answer, and what nobody can act against; and
// the properties of the whole assessment.
#include "support/assess_matter.hpp"

using namespace comity;
using namespace comity::assess;
using test::World;

namespace {

std::string asked(Route route, std::string_view act) {
    std::string out;
    for (const auto& info : test_table()) {
        const auto what = demand(route, act, info.id);
        if (what == Demand::nothing) continue;
        out += (out.empty() ? "" : " ") + std::string(info.id);
        if (what == Demand::answer) out += "?";
    }
    return out;
}

/// An assessment in which everything is met but one test.
Assessment with(Route route, std::string_view test, Outcome outcome) {
    Assessment out = World(route).assess();
    out.route = route;
    for (auto& finding : out.findings) {
        finding.outcome = finding.test == test ? outcome : Outcome::met;
        if (finding.test == test) finding.because = {{Said::value("the widow's account"), "/facts"}};
    }
    return out;
}

std::string said(
    std::string_view act, const Assessment& assessment, std::span<const Answer> answers = {}) {
    const auto result = admissible(act, assessment, answers);
    return result ? "admitted" : std::string(result.error().name());
}

} // namespace

TEST_CASE("each act requires its findings, and leaves to a person what the table leaves") {
    CHECK(asked(Route::mla, "authorise") == "F1 F2 F3? F4? F5 F6? F7 F8 F9 F10 F11 F12?");
    const std::string transmit = "F1 F2 F3 F4? F5 F6? F7 F8 F9 F10 F11 F12? F13";
    CHECK(asked(Route::mla, "transmit") == transmit);
    CHECK(asked(Route::mla, "accept") == transmit);
    CHECK(asked(Route::emergency, "certify") == transmit);
    CHECK(asked(Route::mla, "certify") == "");
    // The extraordinary mechanism leaves nothing to a person's answer.
    const std::string gates = " E1 E2 E3 E4 E5";
    CHECK(
        asked(Route::extraordinary, "transmit") ==
        "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 F13" + gates);
    CHECK(asked(Route::extraordinary, "clear") == asked(Route::extraordinary, "transmit"));
    CHECK(
        asked(Route::extraordinary, "authorise") ==
        "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12" + gates);
    for (const std::string_view act :
         {"request", "order", "produce", "open", "refuse", "decline", "withdraw"})
        CHECK(asked(Route::mla, act) == "");
    CHECK(requires_findings(Route::mla, "authorise"));
    CHECK_FALSE(requires_findings(Route::mla, "request"));
}

TEST_CASE(
    "N1_ nobody can act against a finding that is required and not met, whatever they answer") {
    for (const Route route : {Route::mla, Route::emergency, Route::extraordinary})
        for (const std::string_view act : {"authorise", "transmit", "certify", "accept", "clear"})
            for (const auto& info : test_table()) {
                if (route != Route::extraordinary && info.id.front() == 'E') continue;
                INFO(name(route), " ", act, " ", info.id);
                const std::vector<Answer> answer{
                    {info.id, "It is so, because I say that it is so."}};
                const auto what = demand(route, act, info.id);
                const auto closed = with(route, info.id, Outcome::not_met);
                CHECK(
                    said(act, closed, answer) ==
                    (what == Demand::nothing ? "admitted" : "finding_not_met"));
                const auto open = with(route, info.id, Outcome::needs_a_person);
                CHECK(said(act, open) == (what == Demand::nothing ? "admitted" : "finding_open"));
                CHECK(
                    said(act, open, answer) == (what == Demand::met ? "finding_open" : "admitted"));
            }
}

TEST_CASE("an answer is for the finding it names, and says something") {
    const auto open = with(Route::mla, "F4", Outcome::needs_a_person);
    const std::vector<Answer> other{{"F6", "reasons enough"}};
    const std::vector<Answer> empty{{"F4", ""}};
    CHECK(said("accept", open, other) == "finding_open");
    CHECK(said("accept", open, empty) == "finding_open");
    const json::Object fields{
        {"findings",
         json::Array{json::Object{{"test", "F4"}, {"reasons", "no political motive"}}}}};
    CHECK(said("accept", open, read_answers(fields)) == "admitted");
    CHECK(read_answers({}).empty());
    CHECK(read_answers({{"findings", "F4"}}).empty());
}

TEST_CASE("a refusal names finding, source, places and mend, and nothing of what the form says") {
    World world;
    world.row("grid", 1)["to"] = "2026-04-01T00:00:00Z";
    const auto refused = admissible("authorise", world.assess(), {});
    REQUIRE_FALSE(refused);
    const auto& error = refused.error();
    CHECK(error.code == Code::finding_not_met);
    CHECK(error.facts == "F8 (specific) is not met; it rests on /grid/1/to");
    CHECK(error.source.find("2AP Art. 7(3)") == 0);
    CHECK(error.remedy == "End the period at the day of the request");
    // The example's own words, wherever they might come from.
    for (const Route route : {Route::mla, Route::extraordinary})
        for (const auto& info : test_table()) {
            if (route == Route::mla && info.id.front() == 'E') continue;
            const auto bad = admissible("transmit", with(route, info.id, Outcome::not_met), {});
            if (bad) continue;
            CHECK(bad.error().text().find("widow") == std::string::npos);
        }
}

TEST_CASE("the example is met in all routes, with nothing left open") {
    for (const Route route : {Route::mla, Route::emergency, Route::extraordinary}) {
        const auto assessment = World(route).assess();
        for (const auto& finding : assessment.findings) {
            INFO(name(route), " ", finding.test, " ", finding.mend().text());
            CHECK(finding.outcome == Outcome::met);
            CHECK_FALSE(finding.because.empty());
            CHECK_FALSE(finding.source.empty());
        }
        for (const std::string_view act : {"authorise", "transmit", "accept"})
            CHECK(said(act, assessment) == "admitted");
        const auto printed = print_assessment(assessment);
        CHECK(printed.at("findings").as_array().size() == assessment.findings.size());
        CHECK(printed.at("connection").as_object().at("conclusion") == "demonstrated");
    }
}

TEST_CASE("an empty form meets nothing that it should state, and breaks nothing") {
    for (const Route route : {Route::mla, Route::extraordinary}) {
        World world(route);
        world.fields = {};
        const auto assessment = world.assess();
        for (const std::string_view test :
             {"F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12", "F13"})
            CHECK(name(assessment.find(test)->outcome) == "not_met");
    }
}

TEST_CASE("R7_ any member that is missing, of another type or unknown makes the form incomplete") {
    for (const Route route : {Route::mla, Route::extraordinary}) {
        const World whole(route);
        const std::string id = route == Route::mla ? "request" : "extraordinary-request";
        const auto form = law::Form::read(test::law_file("forms/" + id + ".json"), id).value();
        for (const auto& field : form.fields()) {
            INFO(id, " ", field.name);
            World world(route);
            world.fields[field.name] = 7;
            world.problems = form.problems(world.fields);
            CHECK(world.outcome("F1") == "not_met");
            world.fields.erase(field.name);
            world.problems = form.problems(world.fields);
            CHECK(world.outcome("F1") == (field.required ? "not_met" : "met"));
        }
        World more(route);
        more.fields["decryption_key"] = "please";
        more.problems = form.problems(more.fields);
        CHECK(more.outcome("F1") == "not_met");
    }
}
