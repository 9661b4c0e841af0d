// The answer in sentences speaks the reader's language, down to the words of the law data.
#include "law/treatment.hpp"
#include "support/law_library.hpp"

#include <set>

using namespace comity;
using namespace comity::law;
using test::real_library;

namespace {

struct Told {
    std::size_t texts = 0;
    std::set<std::string> english; ///< what stands in English, verbatim
};

void look(const json::Value& value, Told& told) {
    if (const auto* list = value.if_array())
        for (const auto& item : *list)
            look(item, told);
    const auto* object = value.if_object();
    if (!object) return;
    const auto* text = object->if_contains("text");
    if (text) ++told.texts;
    if (const auto* left = object->if_contains("english"))
        for (const auto& part : left->as_array()) {
            const std::string words(part.as_string());
            CHECK(std::string_view(text->as_string()).find(words) != std::string::npos);
            told.english.insert(words);
        }
    for (const auto& member : *object)
        look(member.value(), told);
}

Told tell(
    const Library& library, const Pack& pack, const std::string& a, const std::string& b,
    Category category, std::string_view language) {
    Asked asked{a, b, test::day("2026-03-01"), {}};
    asked.question.category = category;
    Told told;
    look(treatment(library, pack, asked, language), told);
    return told;
}

Pack pack_of(test::LawFiles files) {
    return Pack::from_files(std::move(files), crypto::sha256).value();
}

} // namespace

TEST_CASE(
    "M3_ what the page between two countries takes from the law data stands in French and Arabic") {
    const auto pack = pack_of(test::law_files());
    const auto& library = real_library();
    std::set<std::string> english;
    std::size_t texts = 0;
    // A row of texts/notes.txt has every language or is none: asking in one finds what has no row.
    const auto ask = [&](const std::string& a, const std::string& b, Category category) {
        if (a == b) return;
        auto told = tell(library, pack, a, b, category, "ar");
        texts += told.texts;
        english.merge(told.english);
    };
    for (const auto& country : library.countries())
        for (const std::string other : {"FR", "US", "BR"}) {
            ask(country.code, other, Category::content);
            ask(other, country.code, Category::content);
        }
    for (const auto& country : library.countries())
        for (const auto category : {Category::subscriber, Category::access, Category::traffic})
            ask("CA", country.code, category);
    for (const auto& words : english)
        FAIL_CHECK("no translation in texts/notes.txt: ", words);
    CHECK(texts > 10'000);
}

TEST_CASE(
    "M3_ words of the law data that nobody has translated are told apart, verbatim, and nothing else") {
    const std::string words = "Only on Tuesdays, by a judge who is awake.";
    const auto files = test::changed("profiles/fr.json", [&](json::Object& file) {
        const auto put = [&](const auto& self, json::Value& value) -> void {
            if (auto* object = value.if_object())
                for (auto& member : *object) {
                    if (member.key() == "note" && member.value().is_string())
                        member.value() = words;
                    else
                        self(self, member.value());
                }
            else if (auto* list = value.if_array())
                for (auto& item : *list)
                    self(self, item);
        };
        for (auto& member : file)
            put(put, member.value());
    });
    const auto library = test::library_of(files);
    REQUIRE(library);
    const auto pack = pack_of(files);
    for (const std::string_view language : {"fr", "ar"})
        CHECK(
            tell(**library, pack, "US", "FR", Category::content, language).english ==
            std::set<std::string>{words});
    CHECK(tell(**library, pack, "US", "FR", Category::content, "en").english.empty());
}

TEST_CASE("each article of an instrument is named once, by itself") {
    const auto pack = pack_of(test::law_files());
    Asked asked{"FR", "US", test::day("2026-03-01"), {}};
    asked.question.category = Category::content;
    const auto told = treatment(real_library(), pack, asked, "en");
    bool seen = false;
    for (const auto& one : told.at("instruments").as_array()) {
        const auto& articles = one.as_object().at("articles").as_array();
        for (const auto& article : articles)
            CHECK(std::string_view(article.as_string()).find(", ") == std::string_view::npos);
        // The data has "14, 21" for it.
        if (one.at("id") == "budapest-185")
            seen = std::count(articles.begin(), articles.end(), json::Value("14")) == 1 &&
                   std::count(articles.begin(), articles.end(), json::Value("21")) == 1;
    }
    CHECK(seen);
}
