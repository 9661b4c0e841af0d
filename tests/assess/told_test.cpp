// What a finding tells its reader: names of countries and dates as people write them in each
// language, no codes and no stamps; and the sources by the titles that the law pack has.
#include "assess/case_file.hpp"
#include "support/assess_matter.hpp"
#include "support/law_library.hpp"

#include <algorithm>
#include <filesystem>

using namespace comity;
using namespace comity::assess;
using test::World;

namespace {

bool is_word(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '/' || c == '.';
}

/// Whether a code stands in a text as a word of its own, not within an id (US-UK) or a name.
bool has_code(std::string_view text, std::string_view code) {
    for (auto at = text.find(code); at != std::string_view::npos; at = text.find(code, at + 1)) {
        const bool before = at > 0 && is_word(text[at - 1]);
        const auto end = at + code.size();
        const bool after = end < text.size() && is_word(text[end]) && text[end] != '.';
        if (!before && !after) return true;
    }
    return false;
}

/// 2026-03-01, with or without a time behind it.
bool has_stamp(std::string_view text) {
    const auto digit = [&](std::size_t i) {
        return text[i] >= '0' && text[i] <= '9';
    };
    for (std::size_t i = 0; i + 10 <= text.size(); ++i)
        if (digit(i) && digit(i + 3) && text[i + 4] == '-' && digit(i + 5) && digit(i + 6) &&
            text[i + 7] == '-' && digit(i + 8) && digit(i + 9))
            return true;
    return false;
}

// Ids of instruments and offences that no language has as a word.
const std::vector<std::string>& law_ids() {
    static const auto ids = [] {
        std::vector<std::string> out;
        for (const auto& one : test::real_library().instruments())
            out.push_back(one.id);
        for (const auto& one : test::real_library().offences())
            if (one.id.find('-') != std::string::npos) out.push_back(one.id);
        return out;
    }();
    return ids;
}

void check_told(
    const Assessment& assessment, const std::vector<std::string>& codes,
    const std::vector<std::string>& ids) {
    std::vector<Said> sentences{assessment.connection.sentence};
    for (const auto& row : assessment.connection.rows)
        sentences.push_back(row.reason);
    for (const auto& finding : assessment.findings) {
        for (const auto& fact : finding.because)
            sentences.push_back(fact.text);
        sentences.insert(sentences.end(), finding.mends.begin(), finding.mends.end());
    }
    for (const auto& sentence : sentences)
        for (const auto language : text_languages) {
            const auto told = sentence.in(language);
            for (const auto& code : codes)
                CHECK_MESSAGE(!has_code(told, code), language, ": ", told);
            for (const auto& id : ids)
                CHECK_MESSAGE(told.find(id) == std::string::npos, language, ": ", told);
            CHECK_MESSAGE(!has_stamp(told), language, ": ", told);
        }
}

} // namespace

TEST_CASE(
    "R7_ no finding shows its reader the code of a country, the id of an instrument or an offence, or a date as machines write it") {
    CHECK(has_code("it binds XA and XB", "XA"));
    CHECK(has_code("law/countries.json, XA", "XA"));
    CHECK_FALSE(has_code("xa-XA-1998 binds", "XA"));
    CHECK(has_stamp("until 2026-03-01T00:00:00.000Z"));
    CHECK_FALSE(has_stamp("until 1 March 2026, 09:05 UTC"));
    for (const Route route : {Route::mla, Route::emergency, Route::extraordinary}) {
        check_told(World(route).assess(), {"XA", "XB", "XC"}, {});
        World empty(route);
        empty.fields = {};
        check_told(empty.assess(), {"XA", "XB", "XC"}, {});
    }
    const auto pack = law::Pack::from_files(test::law_files(), crypto::sha256).value();
    const auto base_fields = [](std::string_view base) -> Result<json::Object> {
        return test::law_example(std::string(base)).fields;
    };
    std::size_t read = 0;
    for (const auto& entry : std::filesystem::directory_iterator(test::law_directory() / "cases")) {
        const auto name = entry.path().filename().string();
        CAPTURE(name);
        const auto text =
            json::parse_object(test::law_file("cases/" + name), limits::law_file_bytes);
        REQUIRE(text.has_value());
        const auto file = read_case_file(*text, base_fields, Instant{});
        REQUIRE(file.has_value());
        const auto* form = pack.form(file->form());
        REQUIRE(form != nullptr);
        check_told(
            assess_case(test::real_library(), *form, *file),
            {file->parties.requesting, file->parties.requested}, law_ids());
        ++read;
    }
    CHECK(read > 50);
}

TEST_CASE("N1_ why an offence depends on speed is told in every language") {
    std::size_t told = 0;
    for (const auto& offence : test::real_library().offences()) {
        if (!offence.speed_reason) continue;
        CAPTURE(offence.id);
        const auto reason = say(*offence.speed_reason);
        CHECK(reason.in("en") == *offence.speed_reason);
        for (const auto language : {"fr", "ar"})
            CHECK(reason.in(language) != *offence.speed_reason);
        ++told;
    }
    CHECK(told > 10);
}

TEST_CASE(
    "R7_ a finding's sources are called as its reader's language calls them, and kept in English") {
    const auto assessment = World().assess();
    const auto source = [&](std::string_view test, std::string_view language) {
        const auto at = std::find_if(
            assessment.findings.begin(), assessment.findings.end(),
            [&](const Finding& finding) { return finding.test == test; });
        REQUIRE(at != assessment.findings.end());
        return language.empty() ? at->source : at->source_in(language);
    };
    const auto has = [](const std::string& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    };

    struct Row {
        std::string_view test;
        std::string_view kept;
        std::string_view english;
        std::string_view french;
        std::string_view arabic;
    };

    for (const auto& row :
         {Row{"F1", "profile of the country asked", "profile of the country asked",
              "profil du pays requis", "ملف الدولة المطلوب منها"},
          Row{"F2", "Treaty of Arcadia and Borealis", "Treaty of Arcadia and Borealis",
              "Traité d’entraide entre l’Arcadie et la Boréalie",
              "معاهدة المساعدة بين أركاديا وبورياليس"},
          Row{"F3", "xa-xb-mlat-2011 Art. 5", "Treaty of Arcadia and Borealis on assistance Art. 5",
              "Traité d’entraide entre l’Arcadie et la Boréalie, art. 5",
              "معاهدة المساعدة بين أركاديا وبورياليس"},
          Row{"F5", "R1543 Art. 5(3)-(4)", "R1543 Art. 5(3)-(4)", "Règlement (UE) 2023/1543",
              "2023/1543"}}) {
        CAPTURE(row.test);
        CHECK(has(source(row.test, ""), row.kept));
        CHECK(has(source(row.test, "en"), row.english));
        CHECK(has(source(row.test, "fr"), row.french));
        CHECK(has(source(row.test, "ar"), row.arabic));
    }
    // One by one in every language, none left out: as many as there are in the one that is kept.
    for (const auto& finding : assessment.findings)
        for (const auto& one : finding.sources)
            for (const auto language : text_languages)
                CHECK(has(finding.source_in(language), one.in(language)));
}
