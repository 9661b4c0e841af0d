// F1 to F7 and F12, F13 as tables: the facts in words, the outcome, the source. Each threshold one
// below, at and one above it.
#include "support/assess_matter.hpp"

using namespace comity;
using namespace comity::assess;
using test::check_table;
using test::World;

namespace {

const Route mla = Route::mla;

void offence(World& world, const std::string& category, std::int64_t months) {
    world.row("offences", 0)["category"] = category;
    world.row("offences", 0)["max_penalty_months"] = months;
}

void category(World& world, const std::string& name) {
    for (auto& row : world.fields["grid"].as_array()) {
        row.as_object()["category"] = name;
        row.as_object()["from"] = "2026-02-10T00:00:00Z";
        row.as_object()["to"] = "2026-02-17T00:00:00Z";
    }
}

void threshold(World& world, law::Category of, std::vector<Threshold> list) {
    world.rules.categories.at(at(of)).seriousness = std::move(list);
}

void each_carriage(World& world, const std::function<void(Carriage&)>& change) {
    for (auto& row : world.rules.relied->offences)
        for (auto& carriage : row.categories)
            change(carriage);
}

void flag(World& world, const char* name, json::Value value) {
    world.object("special_circumstances")[name] = std::move(value);
}

} // namespace

TEST_CASE("R7_ F1: the form is complete, for the two countries of the case") {
    check_table(
        "F1", mla,
        {
            {"the example", [](World&) {}, "met", "profile XB"},
            {"the schema finds a fault",
             [](World& w) { w.problems = {{"/facts", say("is missing"), "required"}}; }, "not_met",
             "law/forms"},
            {"another country is asked than the case is addressed to",
             [](World& w) { w.fields["requested_country"] = "XC"; }, "not_met", "law/forms"},
            {"another country's authority asks",
             [](World& w) { w.object("issuing_authority")["country"] = "XC"; }, "not_met", ""},
            {"the offence ends before it begins",
             [](World& w) { w.row("offences", 0)["committed_to"] = "2026-01-08"; }, "not_met", ""},
            {"the offence begins and ends on one day",
             [](World& w) { w.row("offences", 0)["committed_to"] = "2026-01-09"; }, "met", ""},
            {"the offence is to be committed tomorrow",
             [](World& w) {
                 w.row("offences", 0)["committed_from"] = "2026-03-03";
                 w.row("offences", 0)["committed_to"] = "2026-03-03";
             },
             "not_met", ""},
            {"barred by limitation since yesterday",
             [](World& w) { w.row("offences", 0)["limitation_date"] = "2026-03-01"; }, "not_met",
             ""},
            {"barred by limitation from tomorrow",
             [](World& w) { w.row("offences", 0)["limitation_date"] = "2026-03-03"; }, "met", ""},
            {"a lower standard of suspicion than the country asked has",
             [](World& w) {
                 w.rules.standard = "probable_cause";
                 w.object("standard_of_proof")["standard"] = "specific_articulable_facts";
             },
             "not_met", ""},
            {"the very standard of the country asked",
             [](World& w) { w.rules.standard = "probable_cause"; }, "met", ""},
            {"a higher one", [](World& w) { w.rules.standard = "relevance"; }, "met", ""},
            {"a standard of one's own that nobody can compare",
             [](World& w) {
                 w.rules.standard = "relevance";
                 w.object("standard_of_proof")["standard"] = "national";
             },
             "needs_a_person", ""},
            {"what the country asked wants is not known",
             [](World& w) { w.rules.profile_known = false; }, "needs_a_person", ""},
        });
}

TEST_CASE("R7_ F2: an instrument binds both countries on the day, for category and offence") {
    check_table(
        "F2", mla,
        {
            {"the treaty of the example", [](World&) {}, "met", "Treaty of Arcadia"},
            {"no instrument is named", [](World& w) { w.object("instrument").erase("id"); },
             "not_met", "Necessary and Proportionate"},
            {"one is named that does not bind both",
             [](World& w) {
                 w.rules.relied.reset();
                 w.rules.why_not_relied =
                     say("{} has signed it and is not known to have ratified", "XA");
                 w.rules.binding = {{"xa-xb-mlat-2011", {}}};
             },
             "not_met", ""},
            {"it does not carry the category",
             [](World& w) {
                 each_carriage(w, [](Carriage& c) {
                     c.carries = false;
                     c.why_not = say("it does not cover {} data", say("access"));
                 });
             },
             "not_met", ""},
            {"a category that is not asked for may be missing",
             [](World& w) {
                 w.rules.relied->offences[0].categories.at(at(law::Category::content)).carries =
                     false;
             },
             "met", ""},
            {"reciprocity, though a treaty binds",
             [](World& w) {
                 w.object("instrument")["basis"] = "reciprocity";
                 w.object("undertakings")["reciprocity"] = "The same would be done for Borealis.";
                 w.rules.relied.reset();
                 w.rules.binding = {{"xa-xb-mlat-2011", {}}};
             },
             "not_met", ""},
            {"reciprocity, undertaken, where no treaty binds and a statute allows it",
             [](World& w) {
                 w.object("instrument")["basis"] = "reciprocity";
                 w.object("undertakings")["reciprocity"] = "The same would be done for Borealis.";
                 w.rules.relied.reset();
             },
             "met", "Assistance Act of Borealis"},
            {"reciprocity, not undertaken",
             [](World& w) {
                 w.object("instrument")["basis"] = "reciprocity";
                 w.rules.relied.reset();
             },
             "not_met", ""},
            {"comity, where the statute is not known",
             [](World& w) {
                 w.object("instrument")["basis"] = "comity";
                 w.rules.relied.reset();
                 w.rules.assistance_law.clear();
             },
             "needs_a_person", ""},
            {"checked today", [](World& w) { w.object("instrument")["checked_on"] = "2026-03-02"; },
             "met", ""},
            {"checked tomorrow",
             [](World& w) { w.object("instrument")["checked_on"] = "2026-03-03"; }, "not_met", ""},
        });
    check_table(
        "F2", Route::extraordinary,
        {
            {"an instrument with direct orders", [](World&) {}, "met", ""},
            {"an instrument without direct orders",
             [](World& w) { each_carriage(w, [](Carriage& c) { c.direct = false; }); }, "not_met",
             ""},
            {"comity carries no order to a provider",
             [](World& w) {
                 w.object("instrument")["basis"] = "comity";
                 w.rules.relied.reset();
             },
             "not_met", ""},
        });
}

TEST_CASE("T25 F3: dual criminality by the instrument's rule and both countries' offences") {
    const auto rule = [](World& w, std::optional<law::DualRule> dual) {
        w.rules.relied->offences[0].dual = dual;
    };
    check_table(
        "F3", mla,
        {
            {"required, and an offence in both", [](World&) {}, "met", "xa-xb-mlat-2011 Art. 5"},
            {"required, and not known of the other country",
             [](World& w) { offence(w, "fraud", 96); }, "needs_a_person", "xa-xb-mlat-2011 Art. 5"},
            {"not required",
             [&](World& w) {
                 offence(w, "fraud", 96);
                 rule(w, law::DualRule::none);
             },
             "met", ""},
            {"listed, one month below what is spared",
             [&](World& w) {
                 offence(w, "fraud", 35);
                 rule(w, law::DualRule::not_required_for_listed);
             },
             "needs_a_person", ""},
            {"listed, at what is spared",
             [&](World& w) {
                 offence(w, "fraud", 36);
                 rule(w, law::DualRule::not_required_for_listed);
             },
             "met", ""},
            {"listed, above what is spared",
             [&](World& w) {
                 offence(w, "fraud", 37);
                 rule(w, law::DualRule::not_required_for_listed);
             },
             "met", ""},
            {"left to the country asked, which wants none",
             [&](World& w) {
                 offence(w, "fraud", 96);
                 rule(w, law::DualRule::may_be_required);
                 w.rules.dual = law::DualRule::none;
             },
             "met", "profile XB, dual"},
            {"left to the country asked, of which nothing is known",
             [&](World& w) {
                 offence(w, "fraud", 96);
                 rule(w, std::nullopt);
                 w.rules.dual = std::nullopt;
             },
             "needs_a_person", ""},
            {"a category that the pack does not know",
             [&](World& w) {
                 offence(w, "witchcraft", 96);
                 rule(w, law::DualRule::none);
             },
             "not_met", ""},
            {"the statute is not set out", [](World& w) { w.row("offences", 0).erase("text"); },
             "not_met", ""},
            {"the conduct is not described", [](World& w) { w.fields.erase("conduct"); }, "not_met",
             ""},
            {"no offence", [](World& w) { w.fields["offences"] = json::Array{}; }, "not_met", ""},
        });
}

TEST_CASE(
    "T25 F4: what is stated or follows from the data is weighed, and a mandatory ground bars") {
    const auto retains = [](World& w) {
        w.rules.death_penalty = law::DeathPenalty::retentionist;
    };
    const auto no_assurance = [](World& w) {
        w.object("undertakings")["death_penalty_assurance"] = false;
    };
    check_table(
        "F4", mla,
        {
            {"nothing is stated, nothing follows", [](World&) {}, "met",
             "Budapest Convention Art. 27(4)"},
            {"political, which the country asked must refuse",
             [](World& w) { flag(w, "political_offence", true); }, "not_met",
             "xa-xb-mlat-2011 Art. 6(a)"},
            {"political, and the country asked may refuse",
             [](World& w) {
                 flag(w, "political_offence", true);
                 w.rules.grounds.clear();
             },
             "needs_a_person", "xa-xb-mlat-2011 Art. 6(a)"},
            {"fiscal, which neither instrument nor law names",
             [](World& w) {
                 flag(w, "fiscal_offence", true);
                 w.rules.grounds.clear();
             },
             "met", ""},
            {"fiscal, which the law names and the instrument bars",
             [](World& w) {
                 flag(w, "fiscal_offence", true);
                 w.rules.relied->no_ground = {{"fiscal_offence", "11(3)"}};
             },
             "met", "xa-xb-mlat-2011 Art. 11(3)"},
            {"political, where the instrument bars the fiscal ground",
             [](World& w) {
                 flag(w, "political_offence", true);
                 w.rules.relied->no_ground = {{"fiscal_offence", "11(3)"}};
             },
             "not_met", "profile XB, political"},
            {"fiscal, and the law of the country asked is not known",
             [](World& w) {
                 flag(w, "fiscal_offence", true);
                 w.rules.grounds.clear();
                 w.rules.profile_known = false;
             },
             "needs_a_person", ""},
            {"fiscal, which it may refuse", [](World& w) { flag(w, "fiscal_offence", true); },
             "needs_a_person", "profile XB, fiscal"},
            {"military, which it must refuse", [](World& w) { flag(w, "military_offence", true); },
             "not_met", "profile XB, military"},
            {"an earlier decision, and the rule is not known",
             [](World& w) { flag(w, "ne_bis_in_idem", "prior_decision"); }, "needs_a_person",
             "profile XB, twice"},
            {"whether it is political is not stated",
             [](World& w) { w.object("special_circumstances").erase("political_offence"); },
             "not_met", ""},
            {"death penalty possible, assurance given",
             [](World& w) { flag(w, "death_penalty_possible", true); }, "met",
             "profile XB, death penalty"},
            {"death penalty possible, no assurance",
             [&](World& w) {
                 flag(w, "death_penalty_possible", true);
                 no_assurance(w);
             },
             "not_met", "law/countries.json, XA"},
            {"said not to be possible, but the heaviest penalty in a country that retains it",
             [&](World& w) {
                 w.row("offences", 0)["life_sentence"] = true;
                 retains(w);
                 no_assurance(w);
             },
             "not_met", ""},
            {"the heaviest penalty where it is abolished",
             [&](World& w) {
                 w.row("offences", 0)["life_sentence"] = true;
                 no_assurance(w);
             },
             "met", ""},
            {"the heaviest penalty where nothing is known",
             [&](World& w) {
                 w.row("offences", 0)["life_sentence"] = true;
                 w.rules.death_penalty.reset();
                 no_assurance(w);
             },
             "not_met", ""},
            {"a retaining country, and no life sentence",
             [&](World& w) {
                 retains(w);
                 no_assurance(w);
             },
             "met", ""},
            {"a lawyer's mailbox, with a plan to filter",
             [](World& w) {
                 w.object("privileged") = {
                     {"expected", true},
                     {"kinds", json::Array{"legal_privilege"}},
                     {"plan", "A judge who is not of the case filters first."}};
             },
             "needs_a_person", "R1543 Art. 5(9)"},
            {"a journalist's source, without a plan",
             [](World& w) {
                 w.object("privileged") = {{"expected", true}, {"kinds", json::Array{"press"}}};
             },
             "not_met", "R1543 Art. 5(9)"},
            {"whether protected data is to be expected is not stated",
             [](World& w) { w.fields.erase("privileged"); }, "not_met", ""},
        });
}

TEST_CASE(
    "F1: the emergency route is for an imminent threat to life or limb and for nothing else") {
    const auto kinds = [](std::vector<std::string> list) {
        return [=](World& w) {
            w.object("urgency")["kinds"] = json::Array(list.begin(), list.end());
        };
    };
    check_table(
        "F1", Route::emergency,
        {
            {"a threat to life", [](World&) {}, "met", ""},
            {"a threat to critical infrastructure", kinds({"threat_to_critical_infrastructure"}),
             "met", ""},
            {"a threat among other reasons", kinds({"trial_date", "threat_to_life"}), "met", ""},
            {"a trial date and evidence that may be lost", kinds({"trial_date", "evidence_loss"}),
             "not_met", ""},
            {"no reason", kinds({}), "not_met", ""},
            {"urgent, and no emergency", [](World& w) { w.object("urgency")["level"] = "urgent"; },
             "not_met", ""},
            {"the threat is not described", [](World& w) { w.object("urgency").erase("reasons"); },
             "not_met", ""},
        });
    check_table(
        "F1", Route::mla,
        {{"an emergency by the ordinary route", [](World& w) { w.threaten(); }, "met", ""}});
}

TEST_CASE("F5: two offences do not add up to one that is serious enough") {
    const auto both = [](int listed, int plain) {
        return [=](World& w) {
            category(w, "traffic");
            offence(w, "terrorism", listed);
            json::Object second = w.row("offences", 0);
            second["category"] = "fraud";
            second["max_penalty_months"] = plain;
            w.fields["offences"].as_array().emplace_back(std::move(second));
            w.rules.offences.push_back({{"terrorism", {}}, false, "", Said::value("both list it")});
        };
    };
    // The floor asks 36 months or a listed offence (terrorism), the profile twelve.
    check_table(
        "F5", Route::mla,
        {
            {"one listed and too light, one heavier and not heavy enough", both(11, 35), "not_met",
             ""},
            {"the listed one is heavy enough for the profile", both(12, 35), "met", ""},
            {"the other is heavy enough for the floor", both(11, 36), "met", ""},
        });
}

TEST_CASE("F5: the stricter of instrument, both profiles and floor, below, at and above each") {
    const auto instrument = [](World& w, std::optional<std::int64_t> months) {
        each_carriage(w, [&](Carriage& c) { c.minimum_months = months; });
    };
    check_table(
        "F5", mla,
        {
            {"fraud with up to 96 months", [](World&) {}, "met", "law/floor.json"},
            {"access, a month below the profile",
             [](World& w) { offence(w, "computer-fraud", 11); }, "not_met", ""},
            {"access, at the profile", [](World& w) { offence(w, "computer-fraud", 12); }, "met",
             ""},
            {"access, above the profile", [](World& w) { offence(w, "computer-fraud", 13); }, "met",
             ""},
            {"traffic, a month below the floor",
             [](World& w) {
                 category(w, "traffic");
                 offence(w, "fraud", 35);
             },
             "not_met", ""},
            {"traffic, at the floor",
             [](World& w) {
                 category(w, "traffic");
                 offence(w, "fraud", 36);
             },
             "met", ""},
            {"content, above the floor",
             [](World& w) {
                 category(w, "content");
                 offence(w, "fraud", 37);
             },
             "met", ""},
            {"content, below the floor, but on its list",
             [](World& w) {
                 category(w, "content");
                 offence(w, "terrorism", 12);
             },
             "met", ""},
            {"a life sentence reaches every number of months",
             [](World& w) {
                 category(w, "content");
                 offence(w, "fraud", 0);
                 w.row("offences", 0)["life_sentence"] = true;
             },
             "met", ""},
            {"the instrument asks a month more", [&](World& w) { instrument(w, 97); }, "not_met",
             ""},
            {"the instrument asks just that", [&](World& w) { instrument(w, 96); }, "met", ""},
            {"the instrument's own threshold was not read; the others hold",
             [&](World& w) { instrument(w, std::nullopt); }, "met", ""},
            {"and they refuse what they refuse",
             [&](World& w) {
                 instrument(w, std::nullopt);
                 offence(w, "computer-fraud", 11);
             },
             "not_met", ""},
            {"a profile's threshold is not known",
             [](World& w) { w.rules.categories.at(at(law::Category::access)).unknown_of = {"XB"}; },
             "needs_a_person", ""},
            {"below the months, with a list in the words of a law",
             [](World& w) { threshold(w, law::Category::access, {{120, {}, true, "profile XB"}}); },
             "needs_a_person", ""},
            {"the list alone, in the words of a law",
             [](World& w) { threshold(w, law::Category::access, {{0, {}, true, "profile XB"}}); },
             "needs_a_person", ""},
            {"no months and no list: any offence",
             [](World& w) {
                 threshold(w, law::Category::access, {{0, {}, false, "profile XB"}});
                 threshold(w, law::Category::subscriber, {{0, {}, false, "profile XB"}});
                 offence(w, "computer-fraud", 12);
             },
             "met", ""},
            {"the maximum penalty is not stated",
             [](World& w) { w.row("offences", 0).erase("max_penalty_months"); }, "not_met", ""},
            {"one of two offences is serious enough",
             [](World& w) {
                 auto second = w.row("offences", 0);
                 second["max_penalty_months"] = 1;
                 w.fields["offences"].as_array().emplace_back(second);
                 w.rules.relied->offences.push_back(w.rules.relied->offences.front());
             },
             "met", ""},
            {"no data", [](World& w) { w.fields["grid"] = json::Array{}; }, "not_met", ""},
        });
}

TEST_CASE("R10_ F6: met on demonstrated, a person decides on partial, not met on not shown") {
    check_table(
        "F6", mla,
        {
            {"victim and conduct documented", [](World&) {}, "met", "R1543 Art. 17(6)"},
            {"only the victim is known",
             [](World& w) { w.fields["connection"].as_array().resize(1); }, "needs_a_person", ""},
            {"only the seat of the provider",
             [](World& w) {
                 w.fields["connection"].as_array().resize(1);
                 w.row("connection", 0)["factor"] = "holder";
             },
             "not_met", ""},
            {"a request that only the place of the server ties to who asks",
             [](World& w) {
                 w.fields["connection"].as_array().resize(1);
                 w.row("connection", 0)["factor"] = "data_location";
             },
             "not_met", ""},
            {"nothing is stated", [](World& w) { w.fields["connection"] = json::Array{}; },
             "not_met", ""},
        });
}

TEST_CASE("F7: an independent court decides, in another office, and nobody stands on both sides") {
    const auto by = [](const std::string& kind, bool office = true, bool people = true) {
        return [=](World& w) {
            w.facts.authoriser = Authoriser{kind, office, people};
        };
    };
    check_table(
        "F7", mla,
        {
            {"a court", by("court"), "met", "principle 6"},
            {"a judge", by("judge"), "met", ""},
            {"an investigating judge", by("investigating_judge"), "met", ""},
            {"a prosecutor, though R1543 would do with one", by("prosecutor"), "not_met",
             "law/floor.json"},
            {"the police", by("police"), "not_met", ""},
            {"a supervisor, outside an emergency", by("supervisor"), "not_met", ""},
            {"the office that asks", by("court", false), "not_met", ""},
            {"one person in both offices", by("court", true, false), "not_met", ""},
            {"nobody yet", [](World& w) { w.facts.authoriser.reset(); }, "needs_a_person", ""},
            {"the power of the authority is not named",
             [](World& w) { w.fields.erase("competence"); }, "not_met", ""},
        });
    check_table(
        "F7", Route::emergency,
        {
            {"a supervisor certifies, the judge is owed", by("supervisor", false), "met", ""},
            {"the officer certifies what the officer asked", by("supervisor", false, false),
             "not_met", ""},
            {"a prosecutor", by("prosecutor"), "not_met", ""},
            {"a judge", by("judge"), "met", ""},
        });
}

TEST_CASE("R7_ F12: in a language that the country asked accepts, or translated into one") {
    const auto accepted = [](std::vector<std::string> list) {
        return [list](World& w) {
            w.rules.languages = list;
        };
    };
    const auto made = [](std::string kind) {
        return [kind](World& w) {
            w.object("language")["translations"].as_array()[0].as_object()["kind"] = kind;
        };
    };
    const auto uncertified = made("person");
    const auto with = [&](std::string kind, std::optional<bool> certification) {
        return [=](World& w) {
            made(kind)(w);
            w.rules.certification = certification;
        };
    };
    const auto beside = [](std::string kind) {
        return [kind](World& w) {
            w.object("language")["translations"].as_array().emplace_back(
                json::Object{{"language", "fr"}, {"translator", "Another"}, {"kind", kind}});
        };
    };
    check_table(
        "F12", mla,
        {
            {"translated into French, certified", [](World&) {}, "met", "profile XB, languages"},
            {"written in an accepted language", accepted({"en"}), "met", ""},
            {"en-GB where en is accepted",
             [](World& w) {
                 w.object("language")["original"] = "en-GB";
                 w.rules.languages = std::vector<std::string>{"en"};
             },
             "met", ""},
            {"no accepted language", accepted({"ja"}), "not_met", ""},
            {"eng is not en",
             [](World& w) {
                 w.object("language")["original"] = "eng";
                 w.rules.languages = std::vector<std::string>{"en"};
             },
             "not_met", ""},
            {"translated, not certified, where it must be", uncertified, "needs_a_person", ""},
            {"translated, not certified, where it need not be",
             [&](World& w) {
                 uncertified(w);
                 w.rules.certification = false;
             },
             "met", ""},
            {"translated, not certified, and nobody knows",
             [&](World& w) {
                 uncertified(w);
                 w.rules.certification.reset();
             },
             "needs_a_person", ""},
            {"certified, where it must be", with("certified", true), "met", ""},
            {"certified, where it need not be", with("certified", false), "met", ""},
            {"certified, and nobody knows", with("certified", std::nullopt), "met", ""},
            {"by a person, where it must be certified", with("person", true), "needs_a_person", ""},
            {"by a program, where it must be certified", with("machine", true), "needs_a_person",
             ""},
            {"by a program, where it need not be certified", with("machine", false),
             "needs_a_person", ""},
            {"by a program, and nobody knows", with("machine", std::nullopt), "needs_a_person", ""},
            {"by a program, and written in an accepted language",
             [&](World& w) {
                 made("machine")(w);
                 w.rules.languages = std::vector<std::string>{"en"};
             },
             "met", ""},
            {"a certified one beside a program's",
             [&](World& w) {
                 made("machine")(w);
                 beside("certified")(w);
             },
             "met", ""},
            {"a program's beside a certified one", beside("machine"), "met", ""},
            {"a certified one into a language that is not accepted helps nobody",
             [&](World& w) {
                 made("machine")(w);
                 beside("certified")(w);
                 w.object("language")["translations"].as_array()[1].as_object()["language"] = "ja";
             },
             "needs_a_person", ""},
            {"a kind that nobody knows", with("official", false), "not_met", ""},
            {"the kind is not stated",
             [](World& w) {
                 w.object("language")["translations"].as_array()[0].as_object().erase("kind");
             },
             "not_met", ""},
            {"the old word for certified is no kind",
             [](World& w) {
                 auto& item = w.object("language")["translations"].as_array()[0].as_object();
                 item.erase("kind");
                 item["certified"] = true;
             },
             "not_met", ""},
            {"the accepted languages are not known", [](World& w) { w.rules.languages.reset(); },
             "needs_a_person", ""},
            {"the language is not stated", [](World& w) { w.fields.erase("language"); }, "not_met",
             ""},
        });
}

TEST_CASE("R8_ F13: the office's key is in the directory, valid, and its holder is trained") {
    const auto key = [](Validity validity) {
        return [=](World& w) {
            w.facts.recipient_key = validity;
        };
    };
    const auto training = [](Validity validity) {
        return [=](World& w) {
            w.facts.training = validity;
        };
    };
    check_table(
        "F13", mla,
        {
            {"key and training are valid", [](World&) {}, "met", "Directive (EU) 2016/680"},
            {"no key", key(Validity::missing), "not_met", ""},
            {"the key has run out", key(Validity::expired), "not_met", ""},
            {"the key was not looked up", key(Validity::unchecked), "needs_a_person", ""},
            {"the training has run out", training(Validity::expired), "not_met", ""},
            {"nobody trained", training(Validity::missing), "not_met", ""},
            {"the training was not looked up", training(Validity::unchecked), "needs_a_person", ""},
            {"no office is named", [](World& w) { w.fields.erase("recipient"); }, "not_met", ""},
            {"another office than that of the case",
             [](World& w) { w.facts.recipient_office = "another"; }, "not_met", ""},
        });
}
