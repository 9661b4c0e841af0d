// The log of releases on disk, and the hashes of what runs.
#include "apps/release.hpp"

#include "apps/setup.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "law/pack.hpp"
#include "node/tile_files.hpp"
#include "record/checkpoint.hpp"
#include "record/tiles.hpp"
#include "store/file_store.hpp"
#include "store/posix.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/utsname.h>

#include <algorithm>
#include <fstream>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

const std::string checkpoint_file = "checkpoint";

// One process appends at a time: two would sign two histories.
store::Descriptor hold(const fs::path& log) {
    store::Descriptor out(::open(log.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!out.is_open()) store::fail_call(errno, "open", log.string());
    return out;
}

// The index of an entry with these bytes.
Result<std::optional<std::uint64_t>> find_entry(
    store::FileStore& files, std::uint64_t size, BytesView wanted) {
    for (std::uint64_t first = 0; first < size; first += record::tile_width) {
        const auto width =
            static_cast<unsigned>(std::min<std::uint64_t>(size - first, record::tile_width));
        const record::TileId id{
            record::TileId::Kind::entries, 0, first / record::tile_width, width};
        TRY(const auto bundle, node::tiles_in(files, "")(id));
        TRY(const auto entries, record::entries_in_bundle(bundle, width));
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (entries[i] == wanted) return std::optional(first + i);
    }
    return std::optional<std::uint64_t>();
}

void publish(store::FileStore& files, record::TileWriter& writer, const record::SigningKey& key) {
    node::put_tiles(files, "", writer);
    // The tiles are durable; from here on the checkpoint may be seen.
    files.replace(
        checkpoint_file,
        record::sign_checkpoint({key.name, writer.size(), writer.root(), {}}, key.key).print());
}

Result<Bytes> checkpoint_of(store::FileStore& files, const fs::path& log) {
    auto found = files.read(checkpoint_file);
    if (!found) return refuse(Code::not_initialised, log.string());
    return std::move(*found);
}

// Piece by piece: a program is large, and a node that starts has no use for it.
Result<Digest> hash_of_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    crypto::Sha256 hash;
    Bytes piece(limits::backup_block_bytes, '\0');
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        hash.update(BytesView(piece).substr(0, static_cast<std::size_t>(in.gcount())));
    }
    if (!in.eof())
        return refuse(Code::not_initialised, fmt::format("{} cannot be read", path.string()));
    return hash.finish();
}

// PLATFORM=FILE, or FILE for this platform.
Result<record::Release::Program> program_of(const std::string& given) {
    const auto equals = given.find('=');
    const bool named = equals != std::string::npos;
    TRY(const auto hash, hash_of_file(named ? given.substr(equals + 1) : given));
    return record::Release::Program{named ? given.substr(0, equals) : this_platform(), hash};
}

} // namespace

Result<record::VerifierKey> make_signing_key(const fs::path& file, const std::string& name) {
    if (!record::is_key_name(name))
        return refuse(Code::setting_invalid, "a key's name has no spaces and no plus sign");
    if (fs::exists(file)) return refuse(Code::already_exists, file.string());
    const record::SigningKey made{name, crypto::Ed25519Key::generate()};
    write_new_file(file, made.text() + "\n", true);
    return record::log_key(name, made.key);
}

Result<record::Release> release_of(
    const ReleaseFiles& files, const std::string& version, const std::string& source) {
    record::Release out;
    out.version = version;
    out.source = source;
    for (const auto& given : files.programs) {
        TRY(auto program, program_of(given));
        out.programs.push_back(std::move(program));
    }
    TRY(const auto law, law::Pack::load(files.law, crypto::sha256));
    out.law = law.digest();
    TRY(out.pages, hash_of_file(fs::path(files.pages) / "manifest.json"));
    // What cannot be read again is not written.
    TRY_VOID(record::Release::parse(out.text()));
    return out;
}

Result<record::Build> build_of(const ReleaseFiles& files, const record::Release& release) {
    CHECK_THAT(files.programs.size() == 1);
    record::Build out;
    out.version = release.version;
    TRY(const auto program, program_of(files.programs.front()));
    out.platform = program.platform;
    out.program = program.sha256;
    out.law = release.law;
    if (!files.law.empty()) {
        TRY(const auto law, law::Pack::load(files.law, crypto::sha256));
        out.law = law.digest();
    }
    if (!files.pages.empty()) {
        TRY(out.pages, hash_of_file(fs::path(files.pages) / "manifest.json"));
    }
    return out;
}

Result<Bytes> sign_release(BytesView text_or_note, const record::SigningKey& key) {
    auto note = record::Note::parse(text_or_note);
    if (!note) note = record::Note{Bytes(text_or_note), {}};
    TRY_VOID(record::Release::parse(note->text));
    auto line = record::sign_note(note->text, key.name, key.key);
    if (std::ranges::any_of(
            note->signatures, [&](const auto& other) { return other.name == key.name; }))
        return refuse(Code::already_exists, key.name);
    note->signatures.push_back(std::move(line));
    return note->print();
}

Result<void> begin_log(const fs::path& log, const record::SigningKey& key) {
    if (fs::exists(log / checkpoint_file)) return refuse(Code::already_exists, log.string());
    fs::create_directories(log);
    store::FileStore files(log.string());
    files.replace("vkey", record::log_key(key.name, key.key).text() + "\n");
    record::TileWriter writer;
    publish(files, writer, key);
    return {};
}

Result<std::uint64_t> add_to_log(
    const fs::path& log, BytesView note, const record::SigningKey& key,
    const record::ReleasePolicy& policy) {
    TRY_VOID(record::open_release(note, policy.signers));
    const auto held = hold(log);
    if (::flock(held.get(), LOCK_EX | LOCK_NB) != 0)
        return refuse(Code::store_in_use, log.string());
    store::FileStore files(log.string());
    TRY(const auto published, checkpoint_of(files, log));
    TRY(const auto opened, record::open_checkpoint(published, record::log_key(key.name, key.key)));
    const auto size = opened.checkpoint.size;
    TRY(auto writer, record::TileWriter::recover(size, node::tiles_in(files, "")));
    if (writer.root() != opened.checkpoint.root)
        return refuse(
            Code::proof_wrong, say("the tiles do not have the root of the published checkpoint"));
    TRY(const auto found, find_entry(files, size, note));
    if (found) return refuse(Code::already_exists, std::to_string(*found));
    const Bytes entry(note);
    TRY_VOID(writer.append(std::span(&entry, 1)));
    publish(files, writer, key);
    return size;
}

Result<Bytes> prove_release(const fs::path& log, BytesView note) {
    store::FileStore files(log.string());
    record::TlogProof out;
    TRY(out.checkpoint, checkpoint_of(files, log));
    TRY(const auto signed_note, record::Note::parse(out.checkpoint));
    TRY(const auto checkpoint, record::Checkpoint::parse(signed_note.text));
    TRY(const auto found, find_entry(files, checkpoint.size, note));
    if (!found) return refuse(Code::not_found, log.string());
    out.index = *found;
    out.extra = Bytes(note);
    record::TileCache cache(node::tiles_in(files, ""), checkpoint.size);
    TRY(out.path, record::inclusion_path(out.index, checkpoint.size, cache.reader()));
    return out.print();
}

std::string this_platform() {
    utsname names{};
    if (::uname(&names) != 0) throw Fault("uname");
    return std::string("linux-") + names.machine;
}

Result<record::Build> this_build(const std::string& law_digest, const fs::path& pages) {
    record::Build out;
    out.version = COMITY_VERSION;
    out.platform = this_platform();
    // The file that was started, also when another has its name by now.
    TRY(out.program, hash_of_file("/proc/self/exe"));
    out.law = law_digest;
    if (!pages.empty()) {
        TRY(out.pages, hash_of_file(pages / "manifest.json"));
    }
    return out;
}

Result<record::Running> what_runs(
    const NodeFile& file, const std::string& law_digest, const fs::path& dir) {
    record::Running out;
    TRY(out.build, this_build(law_digest, file.pages));
    if (file.release_proof.empty()) return out;
    // Relative names are of the node's directory.
    const auto held = [&]() -> Result<void> {
        TRY(const auto text, read_file(dir / file.release_policy));
        TRY(const auto policy, record::ReleasePolicy::parse(text));
        TRY(out.proof, read_file(dir / file.release_proof));
        TRY(out.release, record::open_logged_release(out.proof, policy));
        return record::compare(out.build, out.release->signed_release.release);
    }();
    if (!held) out.problem = held.error();
    return out;
}

} // namespace comity::apps
