// Signed notes, keys, cosignatures and checkpoints: published notes, our own, and each way in which
// one can be wrong.
#include "base/limits.hpp"
#include "record/checkpoint.hpp"
#include "record_support.hpp"

using namespace comity;
using namespace comity::record;
using namespace comity::record::test;

namespace {

crypto::Ed25519Key key_of(char byte) {
    return crypto::Ed25519Key::from_seed(Bytes(32, byte)).value();
}

std::vector<VerifierKey> keys_in(const boost::json::object& row) {
    std::vector<VerifierKey> keys;
    for (const auto& text : row.at("vkeys").as_array()) {
        auto key = VerifierKey::parse(text_of(text));
        REQUIRE(key.has_value());
        CHECK(key->text() == text_of(text));
        keys.push_back(*key);
    }
    return keys;
}

constexpr std::string_view dash = "\xe2\x80\x94 ";

const std::string example_vkey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

} // namespace

TEST_CASE("the published notes verify under their keys and print as they were") {
    const auto file = vectors("notes.json");
    REQUIRE(file.at("notes").as_array().size() == 3);
    for (const auto& item : file.at("notes").as_array()) {
        const auto& row = item.as_object();
        const auto keys = keys_in(row);
        const auto note = Note::parse(text_of(row.at("note")));
        REQUIRE(note.has_value());
        CHECK(note->print() == text_of(row.at("note")));
        const auto verified = verify_note(*note, keys);
        REQUIRE(verified.has_value());
        std::vector<std::string> names;
        for (const Verified& one : *verified)
            names.push_back(keys[one.key].name);
        std::vector<std::string> want;
        for (const auto& name : row.at("expect_verified").as_array())
            want.push_back(text_of(name));
        CHECK(names == want);
        // Each single character of the text matters.
        for (std::size_t i = 0; i + 1 < note->text.size(); ++i) {
            Note changed = *note;
            changed.text[i] = changed.text[i] == 'a' ? 'b' : 'a';
            CHECK(code_of(verify_note(changed, keys)) == Code::note_signature);
        }
    }
}

TEST_CASE("the six published variants of a checkpoint get their verdicts") {
    const auto file = vectors("notes.json");
    const auto keys = keys_in(file.at("notes").as_array().at(2).as_object());
    const VerifierKey& log = keys[0];
    const std::vector<VerifierKey> witnesses(keys.begin() + 1, keys.end());
    const std::map<std::string, std::optional<Code>> want{
        {"tampered size", Code::note_signature},
        {"missing blank line", Code::note_malformed},
        {"CR in text", Code::note_malformed},
        {"no final newline", Code::note_malformed},
        {"leading zero size", Code::checkpoint_malformed},
        {"unknown signature first", std::nullopt},
    };
    std::size_t seen = 0;
    for (const auto& item : file.at("variants_of_own_checkpoint").as_array()) {
        const auto& row = item.as_object();
        const std::string name = text_of(row.at("name"));
        REQUIRE_MESSAGE(want.contains(name), name);
        const auto opened = open_checkpoint(text_of(row.at("note")), log, witnesses);
        if (const auto code = want.at(name))
            CHECK_MESSAGE(code_of(opened) == *code, name);
        else
            CHECK(opened->cosignatures.size() == 2);
        ++seen;
    }
    CHECK(seen == want.size());
}

TEST_CASE("the checkpoint and cosignatures in the vectors come out of our own signing") {
    const auto file = vectors("notes.json");
    const auto& row = file.at("notes").as_array().at(2).as_object();
    const auto keys = keys_in(row);
    const auto& seeds = row.at("seed_hex").as_object();
    const auto key = [&](const char* name) {
        return crypto::Ed25519Key::from_seed(from_hex(text_of(seeds.at(name))).value()).value();
    };
    CHECK(log_key(keys[0].name, key("log")) == keys[0]);
    CHECK(witness_key(keys[1].name, key("w1")) == keys[1]);
    CHECK(witness_key(keys[2].name, key("w2")) == keys[2]);
    const Note published = Note::parse(text_of(row.at("note"))).value();
    Note ours = sign_checkpoint(Checkpoint::parse(published.text).value(), key("log"));
    for (std::size_t i : {1u, 2u})
        ours.signatures.push_back(cosign_note(
            ours.text, keys[i].name, key(i == 1 ? "w1" : "w2"),
            time_of(published.signatures[i], keys[i])));
    CHECK(ours.print() == text_of(row.at("note")));
}

TEST_CASE("a key's base64 may have plus signs of its own") {
    // Search a seed whose text has one: about one in two keys.
    int found = 0;
    for (char seed = 0; seed < 20; ++seed) {
        const VerifierKey key = log_key("log.example/x", key_of(seed));
        const std::string text = key.text();
        found += std::ranges::count(text, '+') > 2 ? 1 : 0;
        CHECK(VerifierKey::parse(text).value() == key);
    }
    CHECK(found > 0);
}

TEST_CASE("a key that is not exactly name, id and key is refused") {
    REQUIRE(VerifierKey::parse(example_vkey).has_value());
    const VerifierKey key = VerifierKey::parse(example_vkey).value();
    const auto packed = [&](std::string_view name, Bytes material) {
        return std::string(name) + "+530d903a+" + to_base64(material);
    };
    for (const std::string& text : std::initializer_list<std::string>{
             std::string(), std::string("example.com/foo"), std::string("example.com/foo+530d903a"),
             "+" + example_vkey, " " + example_vkey, example_vkey + "\n", example_vkey + "=",
             std::string("example.com/fo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
             std::string("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
             std::string("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
             std::string("example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
             std::string("example.com/foo+530d903a+"), packed("example.com/foo", "\x01"),
             packed("example.com/foo", "\x03" + key.public_key),
             packed("example.com/foo", "\x04" + key.public_key),
             packed("example.com/foo", "\x01" + key.public_key + "x")})
        CHECK_MESSAGE(code_of(VerifierKey::parse(text)) == Code::note_malformed, text);
}

TEST_CASE("keys of types that cannot be used yet are read, and then known to nobody") {
    const crypto::Ed25519Key log = key_of('l');
    const Note note = sign_checkpoint({"log.example", 0, empty_root(), {}}, log);
    VerifierKey modern{"witness.example", 0, KeyType::ml_dsa_44, Bytes(1312, 'k')};
    Bytes input = "witness.example\n\x06" + modern.public_key;
    const Bytes id(view(crypto::sha256(input)).substr(0, 4));
    const std::string text =
        "witness.example+" + to_hex(id) + "+" + to_base64("\x06" + modern.public_key);
    modern = VerifierKey::parse(text).value();
    CHECK(modern.text() == text);
    CHECK_FALSE(modern.is_usable());
    Note with_line = note;
    with_line.signatures.push_back({modern.name, modern.id, Bytes(2428, 's')});
    const std::vector<VerifierKey> cosigners{modern};
    const auto opened = open_checkpoint(with_line.print(), log_key("log.example", log), cosigners);
    REQUIRE(opened.has_value());
    CHECK(opened->cosignatures.empty());
    // The id of an ECDSA key is the hash of its SPKI alone.
    const Bytes spki(91, 'e');
    const Bytes ecdsa_id(view(crypto::sha256(spki)).substr(0, 4));
    CHECK(VerifierKey::parse("e+" + to_hex(ecdsa_id) + "+" + to_base64("\x02" + spki)).has_value());
}

TEST_CASE("a key name has no space of any kind, no plus and no control character") {
    for (const char* name : {"a", "log.example/x", "\xc3\xa9t\xc3\xa9", "none"})
        CHECK(is_key_name(name));
    for (const char* name :
         {"",
          " ",
          "a b",
          "a\tb",
          "a\nb",
          "a+b",
          "a\x0b",
          "a\x7f b",
          "a\xc2\x85",
          "a\xc2\xa0z",
          "\xe1\x9a\x80",
          "\xe2\x80\x80",
          "\xe2\x80\x8a",
          "\xe2\x80\xa8",
          "\xe2\x80\xa9",
          "\xe2\x80\xaf",
          "\xe2\x81\x9f",
          "\xe3\x80\x80",
          "\xff",
          "a\xc2"})
        CHECK_FALSE_MESSAGE(is_key_name(name), name);
}

TEST_CASE("a malformed note is refused as one") {
    const std::string line = std::string(dash) + "a.example AAAAAAAA\n";
    REQUIRE(Note::parse("text\n\n" + line).has_value());
    for (const std::string& bytes : std::initializer_list<std::string>{
             std::string(),
             std::string("text"),
             std::string("text\n"),
             std::string("text\n\n"),
             "text\n" + line,
             "text\n\n" + line + "\n",
             "text\n\n" + line.substr(0, line.size() - 1),
             "text\r\n\n" + line,
             "te\x01xt\n\n" + line,
             "te\txt\n\n" + line,
             "te\xffxt\n\n" + line,
             "text\n\nx" + line,
             "text\n\n- a.example AAAAAAAA\n",
             "text\n\n" + std::string(dash) + "a.example\n",
             "text\n\n" + std::string(dash) + " AAAAAAAA\n",
             "text\n\n" + std::string(dash) + "a.example AAAAAA==\n", // an id and nothing else
             "text\n\n" + std::string(dash) + "a.example AAAAAAA\n",
             "text\n\n" + std::string(dash) + "a.example AAAAAAB=\n",
             "text\n\n" + std::string(dash) + "a.example AAAA AAAA\n",
             "text\n\n" + std::string(dash) + "a+b AAAAAAAA\n",
             std::string("te\0xt\n\n", 7) + line})
        CHECK_MESSAGE(code_of(Note::parse(bytes)) == Code::note_malformed, bytes);
}

TEST_CASE("a note's text may have empty lines; the last one separates") {
    const std::string line = std::string(dash) + "a.example AAAAAAAA\n";
    CHECK(Note::parse("one\n\ntwo\n\n" + line)->text == "one\n\ntwo\n");
    CHECK(Note::parse("one\n\n\n" + line)->text == "one\n\n");
    CHECK(Note::parse("\n\n" + line)->text == "\n");
}

TEST_CASE("limits of a note: 100 signatures and 128 KiB are read, one more is not") {
    const std::string line = std::string(dash) + "a.example AAAAAAAA\n";
    std::string note = "text\n\n";
    for (std::size_t i = 0; i < limits::note_signatures; ++i)
        note += line;
    CHECK(Note::parse(note)->signatures.size() == limits::note_signatures);
    CHECK(code_of(Note::parse(note + line)) == Code::note_malformed);
    const std::string text(limits::note_bytes - line.size() - 2, 'x');
    CHECK(Note::parse(text + "\n\n" + line).has_value());
    CHECK(code_of(Note::parse(text + "x\n\n" + line)) == Code::note_malformed);
}

TEST_CASE("unknown keys are ignored, a known key's bad line refuses, and none known refuses") {
    const auto log = key_of('l');
    const auto other = key_of('o');
    Note note{"text\n", {}};
    note.signatures.push_back(sign_note(note.text, "log.example", log));
    const std::vector<VerifierKey> keys{log_key("log.example", log)};
    CHECK(verify_note(note, keys)->size() == 1);
    // The same name with another key, or the same key under another name, is unknown.
    Note more = note;
    more.signatures.push_back(sign_note("other\n", "log.example", other));
    more.signatures.push_back({"other.example", keys[0].id, Bytes(64, 'x')});
    CHECK(verify_note(more, keys)->size() == 1);
    // A line that claims the known key must verify, wherever it stands and whatever its length.
    for (const Bytes& signature : std::initializer_list<Bytes>{
             Bytes(64, 'x'), Bytes("x"), note.signatures[0].signature + "x",
             sign_note("other\n", "log.example", log).signature}) {
        Note bad = note;
        bad.signatures.push_back({"log.example", keys[0].id, signature});
        CHECK(code_of(verify_note(bad, keys)) == Code::note_signature);
        std::ranges::reverse(bad.signatures);
        CHECK(code_of(verify_note(bad, keys)) == Code::note_signature);
    }
    const std::vector<VerifierKey> strangers{log_key("log.example", other)};
    CHECK(code_of(verify_note(note, strangers)) == Code::note_signature);
    CHECK(code_of(verify_note(note, {})) == Code::note_signature);
    // Twice the same good line counts once.
    note.signatures.push_back(note.signatures[0]);
    CHECK(verify_note(note, keys)->size() == 1);
}

TEST_CASE("a cosignature binds its time, and a signature is never one of the other type") {
    const auto key = key_of('w');
    const Bytes text = "log.example\n0\n" + to_base64(view(empty_root())) + "\n";
    const VerifierKey as_witness = witness_key("w.example", key);
    const VerifierKey as_log = log_key("w.example", key);
    const NoteSignature line = cosign_note(text, "w.example", key, 1'764'000'000);
    CHECK(verify_line(text, line, as_witness));
    CHECK(time_of(line, as_witness) == 1'764'000'000);
    CHECK(NoteSignature::parse(line.line().substr(0, line.line().size() - 1)).value() == line);
    for (std::size_t i = 0; i < line.signature.size(); ++i) {
        NoteSignature changed = line;
        changed.signature[i] = static_cast<char>(changed.signature[i] ^ 1);
        CHECK_FALSE(verify_line(text, changed, as_witness));
    }
    CHECK_FALSE(verify_line(text + "x\n", line, as_witness));
    NoteSignature as_plain{"w.example", as_log.id, line.signature.substr(8)};
    CHECK_FALSE(verify_line(text, as_plain, as_log));
    NoteSignature as_cosigned = sign_note(text, "w.example", key);
    as_cosigned.id = as_witness.id;
    as_cosigned.signature.insert(0, 8, '\0');
    CHECK_FALSE(verify_line(text, as_cosigned, as_witness));
    // Of two times the later one is told.
    Note note{
        text, {cosign_note(text, "w.example", key, 20), cosign_note(text, "w.example", key, 10)}};
    const std::vector<VerifierKey> keys{as_witness};
    CHECK(verify_note(note, keys)->front().time == 20);
    // 2^63 - 1 is the latest time there is.
    constexpr Seconds last = ~Seconds{0} >> 1;
    CHECK(verify_line(text, cosign_note(text, "w.example", key, last), as_witness));
    NoteSignature beyond = line;
    beyond.signature[0] = '\x80';
    CHECK_FALSE(verify_line(text, beyond, as_witness));
}

TEST_CASE("a checkpoint is read strictly and prints as it was") {
    const std::string root = to_base64(view(empty_root()));
    for (const std::string& text : std::initializer_list<std::string>{
             "log.example\n0\n" + root + "\n", "log.example\n1\n" + root + "\n",
             "with space\n4611686018427387904\n" + root + "\n",
             "log.example\n7\n" + root + "\nmore\n more\n"}) {
        const auto checkpoint = Checkpoint::parse(text);
        REQUIRE(checkpoint.has_value());
        CHECK(checkpoint->text() == text);
    }
    for (const std::string& text : std::initializer_list<std::string>{
             std::string(),
             std::string("\n"),
             std::string("log.example\n"),
             std::string("log.example\n0\n"),
             "log.example\n0\n" + root,
             "\n0\n" + root + "\n",
             "log.example\n\n" + root + "\n",
             "log.example\n00\n" + root + "\n",
             "log.example\n01\n" + root + "\n",
             "log.example\n+1\n" + root + "\n",
             "log.example\n-1\n" + root + "\n",
             "log.example\n1 \n" + root + "\n",
             "log.example\n0x1\n" + root + "\n",
             "log.example\n4611686018427387905\n" + root + "\n",
             "log.example\n18446744073709551616\n" + root + "\n",
             "log.example\n0\n" + root + " \n",
             "log.example\n0\n" + root + "\n\n",
             "log.example\n0\n" + root + "\n\nmore\n",
             "log.example\n0\n" + to_base64("short") + "\n",
             "log.example\n0\n" + root + "AAAA\n"})
        CHECK_MESSAGE(code_of(Checkpoint::parse(text)) == Code::checkpoint_malformed, text);
}

TEST_CASE("a checkpoint opens only under its own log's key") {
    const auto log = key_of('l');
    const auto witness = key_of('w');
    const Checkpoint checkpoint{"log.example", 3, root_of(leaf_hashes(3)), {}};
    Note note = sign_checkpoint(checkpoint, log);
    const VerifierKey trusted = log_key("log.example", log);
    const std::vector<VerifierKey> witnesses{witness_key("w.example", witness)};
    const auto opened = open_checkpoint(note.print(), trusted, witnesses);
    CHECK(opened->checkpoint == checkpoint);
    CHECK(opened->cosignatures.empty());
    note.signatures.push_back(cosign_note(note.text, "w.example", witness, 9));
    CHECK(open_checkpoint(note.print(), trusted, witnesses)->cosignatures.front().time == 9);

    // A witness alone does not make it the log's.
    Note without_log = note;
    without_log.signatures.erase(without_log.signatures.begin());
    CHECK(
        code_of(open_checkpoint(without_log.print(), trusted, witnesses)) == Code::note_signature);
    // A log's key does not sign for another origin.
    Note foreign{Checkpoint{"other.example", 3, checkpoint.root, {}}.text(), {}};
    foreign.signatures.push_back(sign_note(foreign.text, "log.example", log));
    CHECK(code_of(open_checkpoint(foreign.print(), trusted)) == Code::checkpoint_malformed);
    // Size 0 has one root.
    const Note empty = sign_checkpoint({"log.example", 0, checkpoint.root, {}}, log);
    CHECK(code_of(open_checkpoint(empty.print(), trusted)) == Code::checkpoint_malformed);
    // A wrong cosignature of a known witness refuses the whole.
    note.signatures.back().signature.back() ^= 1;
    CHECK(code_of(open_checkpoint(note.print(), trusted, witnesses)) == Code::note_signature);
    CHECK(open_checkpoint(note.print(), trusted).has_value());
    // Of two keys of one log, one is enough.
    const std::vector<VerifierKey> both{log_key("log.example", key_of('n')), trusted};
    CHECK(open_checkpoint(sign_checkpoint(checkpoint, log).print(), both, {}).has_value());
}
