// The library refuses whatever is broken in a pack, with file, record and field and what to do: one
// pack from memory with one thing changed for each. And the whole pack of this checkout is in
// order.
#include "support/law_library.hpp"

#include <functional>

using namespace comity;
using namespace comity::law;
using test::changed;
using test::record_of;

namespace {

void refused(test::LawFiles files, std::string_view place, std::string_view problem) {
    const auto library = test::library_of(std::move(files));
    REQUIRE_MESSAGE(!library, std::string(place));
    const auto& refusal = library.error();
    CHECK(refusal.code == Code::law_malformed);
    CHECK_MESSAGE(refusal.facts.text().find(place) != std::string::npos, refusal.facts.text());
    CHECK_MESSAGE(refusal.facts.text().find(problem) != std::string::npos, refusal.facts.text());
    CHECK(!refusal.text().empty());
}

struct Broken {
    const char* file;
    const char* key;    ///< the member that names the record
    const char* record; ///< its value
    std::function<void(json::Object&)> change;
    const char* problem;
};

void refused(const Broken& one) {
    CAPTURE(one.file);
    CAPTURE(one.record);
    refused(
        changed(
            one.file,
            [&](json::Object& file) { one.change(record_of(file, one.key, one.record)); }),
        one.file, one.problem);
}

} // namespace

TEST_CASE("the pack of this checkout makes a library, of real and invented countries") {
    const auto& library = test::real_library();
    std::size_t real = 0;
    for (const auto& country : library.countries())
        real += country.invented ? 0u : 1u;
    CHECK(real == 198);
    CHECK(library.countries().size() == 201);
    CHECK(library.country("FR")->name.fr == "France");
    CHECK(library.country("XA")->invented);
    CHECK_FALSE(library.country("ZZ"));
    CHECK(library.instrument("bilateral-ch-us")->kind == Kind::bilateral);
    CHECK(library.instrument("bilateral-gb-us-ky")->territory == "KY");
    CHECK(library.instrument("bilateral-at-ch-supplement")->supplement_to == "coe-mla-030");
    CHECK(library.instruments().size() == 36 + 269);
    CHECK(library.profile("XB")->user_notice.by_default == Notice::notice);
    CHECK_FALSE(library.profile("AD"));
    CHECK(library.central_authority("XC")->languages.front() == "es");
    CHECK(library.floor().principles.size() == 13);
    CHECK(library.offence("kidnapping")->speed_dependent);
    CHECK_FALSE(library.offence("fraud")->speed_dependent);
}

TEST_CASE("a broken reference is refused with file, record and field") {
    const std::vector<Broken> rows{
        {"instruments.json", "id", "budapest-185",
         [](json::Object& r) { r.at("parties").as_array().at(0).as_object()["country"] = "ZZ"; },
         "names the country \"ZZ\""},
        {"instruments.json", "id", "eu-us-mla-2003",
         [](json::Object& r) { r["hub_country"] = "QQ"; }, "hub_country"},
        {"instruments.json", "id", "budapest-185",
         [](json::Object& r) {
             r.at("provides").at("data_categories").as_array().emplace_back("dreams");
         },
         "names the data category \"dreams\""},
        {"offences.json", "id", "fraud",
         [](json::Object& r) {
             r.at("listed_in").as_array().at(0).as_object()["instrument"] = "no-such-treaty";
         },
         "names the instrument \"no-such-treaty\""},
        {"standards.json", "id", "np-legality",
         [](json::Object& r) { r["rests_on"] = json::Array{"no-such"}; }, "rests_on"},
        {"volumes.json", "id", "meta-h1-2022-us", [](json::Object& r) { r["country"] = "ZZ"; },
         "country"},
        {"central_authorities.json", "country", "FR", [](json::Object& r) { r["country"] = "ZZ"; },
         "names the country \"ZZ\""},
    };
    for (const auto& row : rows)
        refused(row);
    auto files = test::law_files();
    files["profiles/zz.json"] = files.at("profiles/fr.json");
    refused(std::move(files), "profiles/zz.json", "is not the file's name");
    refused(
        changed(
            "floor.json",
            [](json::Object& file) {
                file.at("categories").at("traffic").as_object()["listed_offences"] =
                    json::Array{"no-such"};
            }),
        "floor.json", "digest");
}

TEST_CASE("what stands twice, a date that is none, and a word that is not known are refused") {
    const std::vector<Broken> rows{
        {"instruments.json", "id", "coe-mla-030", [](json::Object& r) { r["id"] = "budapest-185"; },
         "stands twice"},
        {"countries.json", "alpha2", "DE", [](json::Object& r) { r["alpha2"] = "FR"; },
         "stands twice"},
        {"offences.json", "id", "fraud", [](json::Object& r) { r["id"] = "rape"; }, "stands twice"},
        {"instruments.json", "id", "budapest-185",
         [](json::Object& r) { r["in_force"] = "2004-02-30"; }, "which is no day"},
        {"instruments.json", "id", "budapest-185",
         [](json::Object& r) { r["in_force"] = "1999-01-01"; }, "before \"opened\""},
        {"instruments.json", "id", "budapest-185",
         [](json::Object& r) { r["signatories_not_parties"] = json::Array{"FR", "ZA"}; },
         "name FR twice"},
        {"instruments.json", "id", "budapest-185", [](json::Object& r) { r["kind"] = "pact"; },
         "is \"pact\""},
        {"instruments.json", "id", "harare-scheme",
         [](json::Object& r) { r["legal_basis_for_requests"] = true; }, "does not bind"},
        {"countries.json", "alpha2", "DE",
         [](json::Object& r) { r["death_penalty"] = "sometimes"; }, "is \"sometimes\""},
        {"countries.json", "alpha2", "DE", [](json::Object& r) { r.erase("source"); },
         "\"source\" is missing"},
        {"countries.json", "alpha2", "DE", [](json::Object& r) { r["nickname"] = "x"; },
         "\"nickname\" is not known here"},
        {"offences.json", "id", "fraud", [](json::Object& r) { r["speed_dependent"] = true; },
         "speed_reason"},
        {"volumes.json", "id", "meta-h1-2022-us", [](json::Object& r) { r["value"] = true; },
         "is no figure"},
        {"bilateral_mlats.json", "a", "CH", [](json::Object& r) { r["in_force"] = "soon"; },
         "which is no day"},
    };
    for (const auto& row : rows)
        refused(row);
}

TEST_CASE("a name that is missing in a language, or left in another one, is refused") {
    const std::vector<Broken> rows{
        {"countries.json", "alpha2", "DE", [](json::Object& r) { r.erase("name_ar"); },
         "\"name_ar\" is missing"},
        {"countries.json", "alpha2", "DE", [](json::Object& r) { r["name_fr"] = nullptr; },
         "\"name_fr\" is null"},
        {"instruments.json", "id", "budapest-185", [](json::Object& r) { r["title_ar"] = ""; },
         "\"title_ar\" is not a text"},
        {"instruments.json", "id", "budapest-185",
         [](json::Object& r) { r["title_ar"] = r.at("title"); }, "which is not Arabic"},
        {"bilateral_mlats.json", "a", "CH", [](json::Object& r) { r.erase("title_fr"); },
         "\"title_fr\" is missing"},
        {"offences.json", "id", "fraud", [](json::Object& r) { r["title_ar"] = "Fraude"; },
         "which is not Arabic"},
        {"data_categories.json", "id", "traffic", [](json::Object& r) { r.erase("title_ar"); },
         "\"title_ar\" is missing"},
        {"standards.json", "id", "np-legality", [](json::Object& r) { r.erase("name_ar"); },
         "\"name_ar\" is missing"},
        {"central_authorities.json", "country", "XA",
         [](json::Object& r) { r["unit_fr"] = nullptr; }, "not there in all three languages"},
        {"central_authorities.json", "country", "XA",
         [](json::Object& r) { r["channel_ar"] = "Comity"; }, "which is not Arabic"},
    };
    for (const auto& row : rows)
        refused(row);
}

TEST_CASE("every name of the law data stands in English, French and Arabic") {
    const auto& library = test::real_library();
    std::size_t seen = 0;
    const auto whole = [&](const Text& text) {
        CAPTURE(text.en);
        CHECK_FALSE(text.en.empty());
        CHECK_FALSE(text.fr.empty());
        CHECK_FALSE(text.ar.empty());
        CHECK(text.in("en") == text.en);
        CHECK(text.in("fr") == text.fr);
        CHECK(text.in("ar") == text.ar);
        CHECK(text.in("ar") != text.en);
        ++seen;
    };
    for (const auto& one : library.countries())
        whole(one.name);
    for (const auto& one : library.offences())
        whole(one.title);
    for (const auto& one : library.data_categories())
        whole(one.title);
    for (const auto& one : library.standards())
        whole(one.name);
    for (const auto& one : library.instruments())
        whole(one.title);
    for (const auto& one : library.central_authorities()) {
        whole(one.authority);
        for (const auto* text : {&one.unit, &one.channel, &one.contact_24_7})
            if (*text) whole(**text);
    }
    for (const auto& one : library.between("FR", "US", test::day("2026-03-02")).could_serve)
        whole(one.title);
    CHECK(seen > 800);
    CHECK(library.instrument("bilateral-ch-us")->title.fr.starts_with("Traité"));
    CHECK(Text{"Comity", "", ""}.in("ar") == "Comity");
    CHECK(Text{"Comity", "", ""}.in("de") == "Comity");
    const auto pack = law::Pack::from_files(test::law_files(), crypto::sha256).value();
    REQUIRE_FALSE(pack.procedures().empty());
    for (const auto& id : pack.procedures()) {
        CAPTURE(id);
        const auto file = json::parse_object(*pack.procedure_text(id), limits::procedure_bytes);
        const auto& title = file.value().at("title").as_object();
        for (const std::string_view language : {"en", "fr", "ar"})
            CHECK(title.contains(language));
    }
    // The texts of the forms, by their English (web/texts/forms.ar).
    for (const auto& id : pack.forms()) {
        CAPTURE(id);
        const auto* form = pack.form(id);
        CHECK_FALSE(form->title().ar.empty());
        for (const auto& field : form->fields()) {
            CHECK_MESSAGE(!field.title.ar.empty(), field.title.en);
            CHECK_MESSAGE(!field.help.ar.empty(), field.help.en);
        }
    }
}

TEST_CASE("an invented country is bound by nothing real, and what is invented says so") {
    refused(
        changed(
            "instruments.json",
            [](json::Object& file) {
                record_of(file, "id", "budapest-185")
                    .at("parties")
                    .as_array()
                    .push_back(json::Object{
                        {"country", "XA"},
                        {"in_force_for_it", "2020-01-01"},
                        {"confidence", "known"}});
            }),
        "budapest-185", "invented and real");
    refused(
        changed(
            "instruments.json",
            [](json::Object& file) {
                record_of(file, "id", "xa-xb-mlat-2011")["invented"] = false;
            }),
        "xa-xb-mlat-2011", "invented");
}

TEST_CASE(
    "X5_ the floor is compiled in: a pack with another one is refused, however small the change") {
    auto files = test::law_files();
    files["floor.json"] += "\n";
    refused(files, "floor.json", "digest");
    files.erase("floor.json");
    refused(files, "floor.json", "is missing");
    refused(
        changed(
            "floor.json",
            [](json::Object& file) {
                file.at("routes").as_array().at(0).as_object()["retention"] = "P50Y";
            }),
        "floor.json", "digest");
}

TEST_CASE("X5_ neither profile, instrument nor procedure can lower the floor") {
    // A profile cannot carry a floor of its own, nor demand less than the floor's maximum.
    refused(
        changed("profiles/xb.json", [](json::Object& p) { p["floor"] = json::Object{}; }),
        "profiles/xb.json", "\"floor\" is not known here");
    const auto retention = [](std::int64_t days) {
        return changed("profiles/xb.json", [&](json::Object& p) {
            p.at("retention_and_use").as_object()["maximum_days"] = days;
        });
    };
    CHECK(test::library_of(retention(5 * 365)));
    CHECK(test::library_of(retention(5 * 365 + 1))); // 2026 to 2031 has one leap day
    refused(retention(5 * 365 + 2), "XB", "longer than the floor's P5Y");
    const auto deferral = [](std::int64_t days) {
        return changed("profiles/xb.json", [&](json::Object& p) {
            p.at("user_notice").as_object()["maximum_deferral_days"] = days;
        });
    };
    CHECK(test::library_of(deferral(180)));
    refused(deferral(181), "XB", "longer than the floor's P180D");
    refused(
        changed(
            "instruments.json",
            [](json::Object& file) {
                record_of(file, "id", "xa-xb-mlat-2011").at("provides").as_object()["retention"] =
                    "P50Y";
            }),
        "xa-xb-mlat-2011", "\"retention\" is not known here");
    const auto procedure = [](std::string_view id, std::string_view act, std::string_view key,
                              std::string_view length) {
        return changed("procedures/" + std::string(id) + ".json", [&](json::Object& file) {
            for (auto& relation : file.at("relations").as_array()) {
                auto& one = relation.as_object();
                if (one.contains(key) && one.at("to").as_array().at(0) == json::Value(act))
                    one[key] = length;
            }
        });
    };
    CHECK(test::library_of(procedure("mla", "delete", "at_most", "P5Y")));
    refused(procedure("mla", "delete", "at_most", "P5Y1D"), "procedures/mla.json", "retention");
    refused(procedure("mla", "notify", "at_most", "P181D"), "procedures/mla.json", "deferral");
    refused(procedure("mla", "notify", "within", "P31D"), "procedures/mla.json", "notice");
    CHECK(test::library_of(procedure("extraordinary", "notify", "at_most", "P90D")));
    refused(
        procedure("extraordinary", "notify", "at_most", "P91D"), "procedures/extraordinary.json",
        "deferral");
    refused(
        procedure("extraordinary", "delete", "at_most", "P2Y"), "procedures/extraordinary.json",
        "retention");
}

TEST_CASE("a file that is missing, or that is no file of a pack, is refused") {
    for (const char* path :
         {"countries.json", "instruments.json", "offences.json", "volumes.json"}) {
        auto files = test::law_files();
        files.erase(path);
        refused(std::move(files), path, "is missing");
    }
    auto files = test::law_files();
    files["overrides.json"] = "{}";
    refused(std::move(files), "overrides.json", "is no file of a law pack");
}

TEST_CASE("what a profile states says how it is known, and what it does not state says nothing") {
    const auto with = [](const std::function<void(json::Object&)>& change) {
        return changed("profiles/fr.json", change);
    };
    refused(
        with([](json::Object& p) { p.at("remedy").as_object()["confidence"] = nullptr; }),
        "profiles/fr.json, remedy", "confidence");
    refused(
        with([](json::Object& p) {
            p.at("categories").at("traffic").as_object()["minimum_penalty_months"] = nullptr;
        }),
        "profiles/fr.json", "minimum_penalty_months");
    refused(
        with([](json::Object& p) {
            p.at("categories").at("traffic").as_object()["authority"] = json::Array{"mayor"};
        }),
        "profiles/fr.json", "names \"mayor\"");
    refused(
        with([](json::Object& p) {
            p.at("grounds_of_refusal").as_array().at(0).as_object()["ground"] = "mood";
        }),
        "profiles/fr.json", "is \"mood\"");
}
