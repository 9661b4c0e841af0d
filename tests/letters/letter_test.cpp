// Letters: what the form says stands in the PDF in both languages, in any script, on as many pages
// as it takes, the same bytes each time, with the act inside. Read back with poppler's tools.
#include "letters/compose.hpp"
#include "letters/print.hpp"
#include "letters/words.hpp"
#include "support/law_files.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace comity;
using namespace comity::letters;

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A directory of its own that goes away.
struct Scratch {
    fs::path path = fs::temp_directory_path() / ("comity-letters-" + std::to_string(::getpid()));

    Scratch() { fs::create_directories(path); }

    ~Scratch() { fs::remove_all(path); }
};

std::string output_of(const std::string& command) {
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    char buffer[4096];
    while (const auto got = std::fread(buffer, 1, sizeof buffer, pipe))
        out.append(buffer, got);
    REQUIRE(::pclose(pipe) == 0);
    return out;
}

// Where a directory is named, the letters are kept there, to be looked at.
fs::path keep(const Bytes& pdf, const Scratch& scratch, const std::string& name) {
    const char* wanted = std::getenv("COMITY_LETTERS");
    const fs::path path = (wanted ? fs::path(wanted) : scratch.path) / name;
    std::ofstream(path, std::ios::binary) << pdf;
    return path;
}

std::string text_of(const fs::path& pdf) {
    return output_of("pdftotext -layout '" + pdf.string() + "' -");
}

law::Form form_of(const std::string& id) {
    auto form = law::Form::read(test::law_file("forms/" + id + ".json"), id + ".json");
    REQUIRE(form.has_value());
    return std::move(*form);
}

json::Object example(const std::string& act) {
    return test::law_example(act).fields;
}

Frame frame(
    const std::string& act, const std::string& first = "en", const std::string& second = "fr") {
    Frame out;
    out.languages = {first, second};
    out.from = {"District Court of Port Alder", "Arcadia"};
    out.to = {"Central Authority", "Borealis"};
    out.case_id = "i2mzgwawnfbturpgd6kv3c75sq";
    out.sequence = 3;
    out.act = act;
    out.act_hash = "b_cOE6Mr6X3p0xj_elnIaikjEe2dyMGHxT9adUJbSbs";
    out.sealed_by = "arcadia-authority";
    out.approved_by = "arcadia-court, judge";
    out.admitted = *instant_from("2026-03-04T10:15:30Z");
    out.record = "record.arcadia.example, 17";
    out.verification_url =
        "https://exchange.borealis.example/verify#b_cOE6Mr6X3p0xj_elnIaikjEe2dyMGHxT9adUJbSbs";
    out.country = [](std::string_view code) {
        if (code == "XA") return Both{"Arcadia", "Arcadie"};
        if (code == "XB") return Both{"Borealis", "Boréalie"};
        return Both{std::string(code), std::string(code)};
    };
    return out;
}

bool holds(std::string_view text, std::string_view wanted) {
    return text.find(wanted) != std::string::npos;
}

} // namespace

TEST_CASE("R7_ every form of the law pack prints as a letter, titles in both languages") {
    const Scratch scratch;
    for (const auto& entry : fs::directory_iterator(test::law_directory() / "examples")) {
        const std::string act = entry.path().stem().string();
        const auto [form_id, fields] = test::law_example(act);
        const auto form = form_of(form_id);
        const auto path =
            keep(print_pdf(act_letter(form, fields, frame(act))), scratch, act + ".pdf");
        const auto text = text_of(path);
        CAPTURE(act);
        CHECK(holds(text, form.title().en.substr(0, 12)));
        CHECK(holds(text, form.title().fr.substr(0, 8)));
        CHECK(holds(text, "i2mzgwawnfbturpgd6kv3c75sq"));
        CHECK(holds(text, "b_cO E6Mr 6X3p"));
        CHECK(holds(text, "2026-03-04 10:15:30Z") == false);
        CHECK(holds(text, "2026-03-04T10:15:30Z"));
    }
}

TEST_CASE(
    "R7_ a letter says each field of the form: labels twice, coded values twice, a person's words once") {
    const Scratch scratch;
    const auto fields = example("request");
    const auto path = keep(
        print_pdf(act_letter(form_of("request"), fields, frame("request"))), scratch,
        "request.pdf");
    // Without line breaks: what is looked for may stand over two lines.
    std::string text = output_of("pdftotext '" + path.string() + "' - | tr '\\n' ' '");
    CHECK(holds(text, "Data sought"));
    CHECK(holds(text, "Données demandées"));
    CHECK(holds(text, "harbour.invoices@nimbus-mail.example"));
    CHECK(holds(text, "Subscriber data"));
    CHECK(holds(text, "relatives aux"));
    CHECK(holds(text, "Arcadie"));
    CHECK(holds(text, "PA-CY-2026-00417"));
    const auto once = text.find("On 9 January 2026 the accounts department");
    REQUIRE(once != std::string::npos);
    CHECK(text.find("On 9 January 2026 the accounts department", once + 1) == std::string::npos);
    // Nothing is left out: every string that a person wrote is there, at least its beginning.
    for (const auto& member : fields.at("principles").as_object())
        CHECK(holds(text, std::string(member.value().as_string()).substr(0, 30)));
}

TEST_CASE("a letter counts the rows of an order as the pages do, from 1") {
    const Scratch scratch;
    auto fields = example("object");
    fields["rows"] = json::Array{0, 6};
    const auto path = keep(
        print_pdf(act_letter(form_of("object"), fields, frame("object"))), scratch, "object.pdf");
    const auto text = output_of("pdftotext '" + path.string() + "' - | tr '\\n' ' '");
    const auto at = text.find("Rows concerned");
    REQUIRE(at != std::string::npos);
    const auto said = text.substr(at, 120);
    CHECK(holds(said, "1 7"));
    CHECK_FALSE(holds(said, "0 6"));
}

TEST_CASE("a letter has as many pages as it takes, and each says which it is") {
    const Scratch scratch;
    const auto path = keep(
        print_pdf(act_letter(form_of("request"), example("request"), frame("request"))), scratch,
        "pages.pdf");
    const auto info = output_of("pdfinfo '" + path.string() + "'");
    const auto at = info.find("Pages:");
    REQUIRE(at != std::string::npos);
    const int pages = std::stoi(info.substr(at + 6));
    CHECK(pages > 2);
    CHECK(holds(info, "Tagged:          yes"));
    for (int page = 1; page <= pages; ++page) {
        const auto text = output_of(
            "pdftotext -f " + std::to_string(page) + " -l " + std::to_string(page) + " '" +
            path.string() + "' -");
        CHECK(holds(text, std::to_string(page) + " / " + std::to_string(pages)));
    }
}

TEST_CASE("the same letter has the same bytes, and another act has others") {
    const auto form = form_of("order");
    const auto fields = example("order");
    const auto first = print_pdf(act_letter(form, fields, frame("order")));
    CHECK(first == print_pdf(act_letter(form, fields, frame("order"))));
    auto other = frame("order");
    other.act_hash[0] = 'c';
    CHECK(first != print_pdf(act_letter(form, fields, other)));
}

TEST_CASE("the act travels inside its letter, byte for byte") {
    const Scratch scratch;
    const auto fields = example("notify");
    const auto path = keep(
        print_pdf(act_letter(form_of("notify"), fields, frame("notify"))), scratch, "notify.pdf");
    const auto out = scratch.path / "inside.json";
    output_of("pdfdetach -save 1 -o '" + out.string() + "' '" + path.string() + "'");
    const auto inside = json::parse_object(read_file(out), 1 << 20);
    REQUIRE(inside.has_value());
    CHECK(*inside == fields);
}

TEST_CASE("a letter in Arabic is set from right to left beside its original") {
    const Scratch scratch;
    const auto path = keep(
        print_pdf(act_letter(form_of("notify"), example("notify"), frame("notify", "fr", "ar"))),
        scratch, "arabic.pdf");
    const auto fonts = output_of("pdffonts '" + path.string() + "'");
    CHECK(holds(fonts, "Arabic"));
    CHECK(holds(word(Word::from, "ar-EG"), "من"));
}

TEST_CASE("R7_ in Arabic, too, a letter has every title and coded value in the reader's language") {
    // U+0600 to U+06FF; the name of a hash function is the same everywhere.
    const auto arabic = [](std::string_view text) {
        return text.starts_with("SHA-256") || std::any_of(text.begin(), text.end(), [](char c) {
                   return static_cast<unsigned char>(c) >= 0xD8 &&
                          static_cast<unsigned char>(c) <= 0xDB;
               });
    };
    std::size_t labels = 0;
    std::size_t coded = 0;
    for (const auto& entry : fs::directory_iterator(test::law_directory() / "examples")) {
        const std::string act = entry.path().stem().string();
        const auto [form_id, fields] = test::law_example(act);
        auto around = frame(act, "en", "ar-EG");
        around.country = nullptr; // its names are the law library's, tested there
        const auto letter = act_letter(form_of(form_id), fields, around);
        CAPTURE(act);
        CHECK(arabic(letter.title.second));
        const auto check = [&](const Both& label) {
            ++labels;
            CHECK_MESSAGE(arabic(label.second), label.first);
        };
        for (const auto& block : letter.blocks) {
            if (const auto* heading = std::get_if<Heading>(&block)) check(heading->text);
            if (const auto* paragraph = std::get_if<Paragraph>(&block)) check(paragraph->text);
            if (const auto* table = std::get_if<Table>(&block))
                for (const auto& head : table->head)
                    check(head);
            const auto* row = std::get_if<Entry>(&block);
            if (!row) continue;
            check(row->label);
            const auto* value = std::get_if<Both>(&row->value);
            // "—" for what is empty, and ids of tests.
            if (!value || value->first == value->second) continue;
            ++coded;
            CHECK_MESSAGE(arabic(value->second), value->first);
        }
    }
    CHECK(labels > 300);
    CHECK(coded > 50);
}

TEST_CASE("a person's words in any script are set with letters that exist") {
    const Scratch scratch;
    auto fields = example("refuse");
    fields["reasons"] =
        "Ελληνικά · Кириллица · العربية · עברית · हिन्दी · ไทย · ქართული · Հայերեն · 中文 · 日本語 · 한국어 · Tiếng Việt";
    const auto path = keep(
        print_pdf(act_letter(form_of("refuse"), fields, frame("refuse"))), scratch, "scripts.pdf");
    const auto text = text_of(path);
    for (const std::string_view word :
         {"Ελληνικά", "Кириллица", "ქართული", "Հայերեն", "中文", "日本語", "한국어",
          "Tiếng Việt"}) {
        CAPTURE(word);
        CHECK(holds(text, word));
    }
}

TEST_CASE(
    "hostile words stay words: markup, control marks and very long words do not break a letter") {
    const Scratch scratch;
    auto fields = example("refuse");
    fields["reasons"] = "<b>&amp;</b> %s %n \\n ) endstream " + std::string(3000, 'W');
    const auto pdf = print_pdf(act_letter(form_of("refuse"), fields, frame("refuse")));
    const auto text = text_of(keep(pdf, scratch, "hostile.pdf"));
    CHECK(holds(text, "<b>&amp;</b> %s %n \\n ) endstream"));
}

TEST_CASE(
    "the certificate of custody says who held what until when, and an object that is none is refused") {
    const Scratch scratch;
    const json::Object certificate{
        {"comity", "custody/1"},
        {"case", "i2mzgwawnfbturpgd6kv3c75sq"},
        {"holdings", json::Array{
                         json::Object{
                             {"holder", "borealis-authority"},
                             {"name", "logins.csv"},
                             {"plain_sha256", "Vagc8h5xSUGpLPiDjRzLv2FHuE9rsHUIAXAswA0Ptp4"},
                             {"cipher_sha256", "_jHa5f9kRu0YWphKhIqJ6zFT5rAn4KlFdZ2pxj96UWg"},
                             {"from", "2026-03-20T08:00:00.000Z"},
                             {"under", "h3gPpd5oTofLkrJ58LwHsU9XKFHnO4lDoJfBdwpfOOY"},
                             {"destroyed", "2026-03-21T08:00:00.000Z"},
                             {"destroyed_by", "Z62PQae7ChjEXz79j2oyvc2DK8-PPy60QAbAPVMHbhg"}},
                         json::Object{
                             {"holder", "arcadia-authority"},
                             {"name", "logins.csv"},
                             {"plain_sha256", "Vagc8h5xSUGpLPiDjRzLv2FHuE9rsHUIAXAswA0Ptp4"},
                             {"cipher_sha256", "xjHa5f9kRu0YWphKhIqJ6zFT5rAn4KlFdZ2pxj96UWg"},
                             {"from", "2026-03-20T09:00:00.000Z"},
                             {"under", "a3gPpd5oTofLkrJ58LwHsU9XKFHnO4lDoJfBdwpfOOY"}}}}};
    const auto letter = custody_letter(certificate, frame("custody"));
    REQUIRE(letter.has_value());
    const auto text = text_of(keep(print_pdf(*letter), scratch, "custody.pdf"));
    CHECK(holds(text, "borealis-authority"));
    CHECK(holds(text, "Still held"));
    CHECK(holds(text, "Encore détenu"));
    CHECK_FALSE(
        custody_letter(
            {{"comity", "custody/2"}, {"case", ""}, {"holdings", json::Array{}}}, frame("custody"))
            .has_value());
    CHECK_FALSE(custody_letter({}, frame("custody")).has_value());
}

TEST_CASE("a receipt prints the number, the time and the keeper") {
    const Scratch scratch;
    const auto text = text_of(keep(
        print_pdf(receipt_letter(frame("transmit"), "borealis-authority")), scratch,
        "receipt.pdf"));
    CHECK(holds(text, "Receipt"));
    CHECK(holds(text, "Accusé de réception"));
    CHECK(holds(text, "borealis-authority"));
}
