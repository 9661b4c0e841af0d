// What is restored for a drill lies beside nobody's node and is destroyed at its end: the keys of a
// node are in it.
#include "apps/drill.hpp"

#include "apps/backup.hpp"
#include "apps/control.hpp"
#include "apps/control_command.hpp"
#include "apps/now.hpp"
#include "apps/setup.hpp"
#include "base/fault.hpp"
#include "crypto/hash.hpp"
#include "record/checkpoint.hpp"
#include "store/file_store.hpp"
#include "store/sqlite_store.hpp"
#include "store/statement.hpp"

#include <fmt/format.h>

#include <chrono>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t leaves_at_once = 10'000;
constexpr store::Query check_whole{"check whole", "PRAGMA integrity_check(1)"};

// Overwritten before they go: private keys, and the database.
class Scratch {
public:
    explicit Scratch(fs::path path) : path_(std::move(path)) {}

    ~Scratch() {
        std::error_code ignored;
        try {
            if (fs::exists(path_)) destroy_files();
        } catch (const std::exception& fault) {
            fmt::print(
                stderr, "comity: {} is removed, and not overwritten: {}\n", path_.string(),
                fault.what());
        }
        fs::remove_all(path_, ignored);
    }

    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

private:
    void destroy_files() const {
        store::FileStore files(path_.string());
        for (const auto& entry : fs::recursive_directory_iterator(path_))
            if (entry.is_regular_file())
                files.destroy(fs::relative(entry.path(), path_).generic_string());
    }

    fs::path path_;
};

Result<void> check_database(const fs::path& dir, node::Drill& out) {
    store::Connection connection((dir / "comity.db").string(), store::Connection::Mode::read, "");
    auto check = connection.query(check_whole);
    if (!check.step() || check.text(0) != "ok")
        return refuse(Code::drill_malformed, say("the database is damaged"));
    out.cases = connection.number("SELECT count(*) FROM cases");
    out.acts = connection.number("SELECT count(*) FROM acts");
    return {};
}

// The leaves of the store under the checkpoint that was published. The copy of the store is made
// after the record's files, so it has all of them.
Result<void> check_record(const fs::path& dir, node::Drill& out) {
    TRY(const auto published, read_file(dir / "record/checkpoint"));
    TRY(const auto vkey, read_file(dir / "record/vkey"));
    TRY(const auto key, record::VerifierKey::parse(vkey.substr(0, vkey.find('\n'))));
    TRY(const auto opened, record::open_checkpoint(published, key));
    out.size = opened.checkpoint.size;
    out.root = opened.checkpoint.root;
    TRY(const auto store, store::SqliteStore::open((dir / "comity.db").string()));
    record::TileWriter writer;
    Result<void> read;
    store->read([&](node::StoreReader& reader) {
        while (read && writer.size() < out.size) {
            auto entries = reader.leaves(
                static_cast<std::int64_t>(writer.size()),
                std::min<std::size_t>(leaves_at_once, out.size - writer.size()));
            if (entries.empty()) return;
            read = writer.append(entries);
            static_cast<void>(writer.take_files());
        }
    });
    TRY_VOID(read);
    if (writer.size() != out.size || writer.root() != out.root)
        return refuse(
            Code::proof_wrong,
            say("the leaves in the store do not give the root of the published checkpoint"));
    return {};
}

struct Drilling {
    std::string dir;
    std::string backup;
    std::string key;
    std::string certificate;
    std::string out;
};

Result<void> restore_and_look(const Drilling& a) {
    if (fs::exists(a.out)) return refuse(Code::already_exists, a.out);
    TRY(const auto sealed, run_drill(a.backup, a.out + ".restored", a.key, a.certificate));
    write_new_file(a.out, sealed, false);
    fmt::print(
        "The back-up is whole. Next, at the node itself: comity drill tell --dir DIR {}\n", a.out);
    return {};
}

Result<void> tell(const Drilling& a) {
    TRY(const auto sealed, read_file(a.out));
    TRY(const auto answer, Control(a.dir).post("/drill", json::Object{{"sealed", sealed}}));
    fmt::print(
        "Taken down: {}, a record of {} leaves\n",
        std::string_view(answer.at("drilled").as_string()), answer.at("size").as_int64());
    return {};
}

} // namespace

Result<std::string> run_drill(
    const fs::path& backup, const fs::path& scratch, const std::string& key,
    const std::string& certificate) {
    const auto begun = std::chrono::steady_clock::now();
    node::Drill out;
    if (fs::exists(scratch)) return refuse(Code::already_exists, scratch.string());
    TRY(out.backup, made_at(backup));
    const Scratch kept(scratch);
    TRY_VOID(restore(backup, scratch, key, certificate));
    TRY(const auto file, read_settings(scratch));
    TRY(const auto keys, read_keys(scratch, file));
    TRY_VOID(check_database(scratch, out));
    TRY_VOID(check_record(scratch, out));
    out.drilled = system_now();
    out.took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun);
    return node::seal_drill(file.settings.participant, out, {keys.seal, keys.seal_certificate});
}

void add_drill(Command app, std::function<int()>& run) {
    const auto kept = std::make_shared<Drilling>();
    auto& a = *kept;
    auto drill = app.add_subcommand(
        "drill", "Whether a back-up can be restored: tried on a spare machine, told to the node");
    drill.require_subcommand(1);
    auto look = add_command(
        drill, run, kept, "restore",
        "Restore it, look at all of it, write down what was found, and destroy it again",
        restore_and_look);
    look.add_option("backup", a.backup, "the back-up").required();
    look.add_option("--key", a.key, "a recipient's private key (PEM)").required();
    look.add_option("--cert", a.certificate, "that recipient's certificate (PEM)").required();
    look.add_option("--out", a.out, "the file to create").required();
    add_control_command(drill, run, kept, "tell", "Give what was found to the running node", tell)
        .add_option("file", a.out, "what `comity drill restore` wrote")
        .required();
}

} // namespace comity::apps
