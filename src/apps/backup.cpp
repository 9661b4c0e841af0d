// The file: a line that says what it is, the ciphertext of an archive, the envelope, its length, a
// word. The archive: for each file a line with path, size and mode, then its bytes; at the end a
// line with the number of files.
#include "apps/backup.hpp"

#include "apps/now.hpp"
#include "apps/setup.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/cms.hpp"
#include "crypto/hash.hpp"
#include "node/recover.hpp"
#include "store/migrations.hpp"
#include "store/posix.hpp"
#include "store/sqlite_store.hpp"
#include "store/statement.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view format = "backup/1";
constexpr std::string_view last_word = "comity-backup-ends";
constexpr std::size_t tail_bytes = 8 + last_word.size();

tl::unexpected<Refusal> malformed(std::string facts) {
    return refuse(Code::backup_malformed, std::move(facts));
}

// A file that is there until it has its name.
class Temporary {
public:
    explicit Temporary(fs::path path) : path_(std::move(path)) {}

    ~Temporary() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;

    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

class Writer {
public:
    explicit Writer(const fs::path& path) : path_(path) {
        write_new_file(path, {}, true); // created with mode 0600, and refused when it is there
        out_.open(path, std::ios::binary | std::ios::app);
    }

    void put(BytesView bytes) {
        out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out_) throw StorageFault("cannot write " + path_.string());
    }

    void close() {
        out_.close();
        if (!out_) throw StorageFault("cannot write " + path_.string());
    }

private:
    fs::path path_;
    std::ofstream out_;
};

// What a node is made of, but for evidence and the keys to it, and what is made anew.
bool belongs(const fs::path& relative) {
    const std::string first = relative.begin()->string();
    if (first == "evidence" || first == "vault" || first == "control.sock") return false;
    if (first.starts_with("comity.db")) return false; // its copy goes in its place
    return relative.filename().string().find('~') == std::string::npos;
}

std::vector<fs::path> files_of(const fs::path& dir) {
    std::vector<fs::path> out;
    for (auto at = fs::recursive_directory_iterator(dir); at != fs::end(at); ++at) {
        const auto relative = fs::relative(at->path(), dir);
        if (at->is_regular_file() && belongs(relative)) out.push_back(relative);
    }
    std::sort(out.begin(), out.end());
    return out;
}

void put_file(
    crypto::StreamSealer& sealer, const fs::path& path, const std::string& name, unsigned mode) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) throw StorageFault("cannot read " + path.string());
    const auto size = static_cast<std::uint64_t>(in.tellg());
    in.seekg(0);
    sealer.update(
        json::print(json::Object{
            {"path", name}, {"size", static_cast<std::int64_t>(size)}, {"mode", mode}}) +
        "\n");
    Bytes block(limits::backup_block_bytes, '\0');
    for (std::uint64_t left = size; left > 0;) {
        const auto most = std::min<std::uint64_t>(left, block.size());
        in.read(block.data(), static_cast<std::streamsize>(most));
        if (static_cast<std::uint64_t>(in.gcount()) != most)
            throw StorageFault("cannot read " + path.string());
        sealer.update(BytesView(block).substr(0, most));
        left -= most;
    }
}

Result<std::vector<crypto::Certificate>> recipients(const std::vector<std::string>& files) {
    std::vector<crypto::Certificate> out;
    for (const auto& file : files) {
        TRY(const auto pem, read_file(file));
        TRY(auto certificate, crypto::Certificate::from_pem(pem));
        for (const auto& other : out)
            if (other.fingerprint() == certificate.fingerprint())
                return refuse(Code::setting_invalid, "the same recipient twice is one recipient");
        out.push_back(std::move(certificate));
    }
    if (out.size() < 2)
        return refuse(Code::setting_invalid, "a back-up has two recipients or more");
    return out;
}

// Takes the archive apart as it comes.
class Unpacker {
public:
    explicit Unpacker(fs::path root) : root_(std::move(root)) {}

    void take(BytesView block) {
        if (!problem_.empty()) return;
        pending_ += block;
        while (problem_.empty() && step()) {
        }
    }

    Result<void> finish() {
        close();
        if (!problem_.empty()) return malformed(problem_);
        if (!ended_ || !pending_.empty()) return malformed("the archive has no end");
        return {};
    }

private:
    void close() {
        if (out_.is_open()) out_.close();
    }

    bool step() {
        if (left_ > 0) {
            const auto most = std::min<std::uint64_t>(left_, pending_.size());
            if (most == 0) return false;
            out_.write(pending_.data(), static_cast<std::streamsize>(most));
            if (!out_) throw StorageFault("cannot write below " + root_.string());
            pending_.erase(0, most);
            left_ -= most;
            if (left_ == 0) close();
            return true;
        }
        const auto end = pending_.find('\n');
        if (end == std::string::npos) {
            if (pending_.size() > limits::backup_line_bytes) problem_ = "a line is too long";
            return false;
        }
        const auto line =
            json::parse_object(BytesView(pending_).substr(0, end), limits::backup_line_bytes);
        pending_.erase(0, end + 1);
        if (!line || ended_) {
            problem_ = "a line is not read";
            return false;
        }
        if (line->contains("end"))
            ended_ = line->at("end") == json::Value(static_cast<std::int64_t>(files_));
        else
            begin(*line);
        return problem_.empty();
    }

    void begin(const json::Object& line) {
        json::Reader in{line, "file"};
        const fs::path name = in.string("path");
        const auto size = in.integer("size");
        const auto mode = in.integer("mode");
        const bool inside = !name.empty() && name.is_relative() &&
                            std::none_of(name.begin(), name.end(), [](const fs::path& part) {
                                return part == ".." || part == "." || part.empty();
                            });
        if (!in.done() || !inside || size < 0 || (mode != 0600 && mode != 0644)) {
            problem_ = "a file is named that no node has";
            return;
        }
        fs::create_directories((root_ / name).parent_path());
        write_new_file(root_ / name, {}, mode == 0600);
        out_.open(root_ / name, std::ios::binary | std::ios::app);
        left_ = static_cast<std::uint64_t>(size);
        ++files_;
        if (left_ == 0) close();
    }

    fs::path root_;
    Bytes pending_;
    std::ofstream out_;
    std::uint64_t left_ = 0;
    std::size_t files_ = 0;
    bool ended_ = false;
    std::string problem_;
};

struct Layout {
    std::uint64_t begin = 0; ///< of the ciphertext
    std::uint64_t end = 0;
    Bytes envelope;
};

Result<Layout> read_layout(std::ifstream& in, std::uint64_t size) {
    Layout out;
    std::string head;
    std::getline(in, head);
    const auto line = json::parse_object(head, limits::backup_line_bytes);
    if (!in || !line || !line->contains("comity") || line->at("comity") != json::Value(format))
        return malformed("the file is no back-up of version backup/1");
    out.begin = head.size() + 1;
    if (size < out.begin + tail_bytes) return malformed("the file is cut short");
    Bytes tail(tail_bytes, '\0');
    in.seekg(static_cast<std::streamoff>(size - tail_bytes));
    in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    if (!in || tail.substr(8) != last_word) return malformed("the file is cut short");
    std::uint64_t length = 0;
    for (int i = 0; i < 8; ++i)
        length = length << 8 | static_cast<unsigned char>(tail[static_cast<std::size_t>(i)]);
    if (length > limits::act_part_bytes || size < out.begin + tail_bytes + length)
        return malformed("the envelope has no place in the file");
    out.end = size - tail_bytes - length;
    out.envelope.resize(length);
    in.seekg(static_cast<std::streamoff>(out.end));
    in.read(out.envelope.data(), static_cast<std::streamsize>(length));
    if (!in) return malformed("the file is cut short");
    return out;
}

} // namespace

Result<Instant> made_at(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string head(limits::backup_line_bytes, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(std::min(static_cast<std::size_t>(in.gcount()), head.find('\n')));
    const auto line = json::parse_object(head, limits::backup_line_bytes);
    const auto* made = line ? line->if_contains("made") : nullptr;
    const auto at = made && made->is_string() ? instant_from(std::string_view(made->as_string()))
                                              : std::nullopt;
    if (!at) return malformed("the file is no back-up of version backup/1");
    return *at;
}

Result<void> back_up(
    const fs::path& dir, const fs::path& file, const std::vector<std::string>& to) {
    TRY(const auto readers, recipients(to));
    TRY(const auto settings, read_settings(dir));
    if (fs::exists(file)) return refuse(Code::already_exists, file.string());
    const Temporary made(file.string() + ".making");
    const Temporary copy(dir / fmt::format("comity.db.copy-{}", crypto::random_name()));
    Writer out(made.path());
    const auto now = system_now();
    out.put(
        json::print(json::Object{
            {"comity", format},
            {"participant", settings.settings.participant.str()},
            {"made", to_text(now)},
            {"recipients", static_cast<std::int64_t>(readers.size())}}) +
        "\n");
    crypto::StreamSealer sealer(readers, [&](BytesView block) { out.put(block); });
    std::size_t count = 0;
    // The record's files first: the store that is copied after them holds all that they hold.
    for (const auto& name : files_of(dir)) {
        struct stat found{};
        const auto path = dir / name;
        if (::stat(path.c_str(), &found) != 0) continue; // a tile that was replaced meanwhile
        put_file(sealer, path, name.string(), (found.st_mode & 077) == 0 ? 0600U : 0644U);
        ++count;
    }
    {
        store::Connection connection(
            (dir / "comity.db").string(), store::Connection::Mode::read, {});
        store::back_up(connection, copy.path().string());
    }
    put_file(sealer, copy.path(), "comity.db", 0600);
    ++count;
    sealer.update(json::print(json::Object{{"end", static_cast<std::int64_t>(count)}}) + "\n");
    const Bytes envelope = sealer.finish();
    out.put(envelope);
    Bytes tail;
    for (int shift = 56; shift >= 0; shift -= 8)
        tail.push_back(static_cast<char>(envelope.size() >> shift & 0xFF));
    tail += last_word;
    out.put(tail);
    out.close();
    fs::rename(made.path(), file);
    return {};
}

Result<void> restore(
    const fs::path& file, const fs::path& dir, const std::string& key,
    const std::string& certificate) {
    if (fs::exists(dir)) return refuse(Code::already_exists, dir.string());
    TRY(const auto key_pem, read_file(key));
    TRY(const auto certificate_pem, read_file(certificate));
    TRY(const auto private_key, crypto::PrivateKey::from_pem(key_pem));
    TRY(const auto recipient, crypto::Certificate::from_pem(certificate_pem));
    std::error_code unreadable;
    const auto size = fs::file_size(file, unreadable);
    std::ifstream in(file, std::ios::binary);
    if (!in || unreadable)
        return refuse(Code::not_initialised, fmt::format("{} cannot be read", file.string()));
    TRY(const auto layout, read_layout(in, size));
    const Temporary made(dir.string() + ".making");
    fs::create_directories(made.path());
    fs::permissions(made.path(), fs::perms::owner_all);
    Unpacker unpacker(made.path());
    auto opener = crypto::StreamOpener::open(
        layout.envelope, private_key, recipient, [&](BytesView block) { unpacker.take(block); });
    if (!opener) return malformed("it is not encrypted to this recipient, or it was changed");
    in.seekg(static_cast<std::streamoff>(layout.begin));
    Bytes block(limits::backup_block_bytes, '\0');
    for (std::uint64_t left = layout.end - layout.begin; left > 0;) {
        const auto most = std::min<std::uint64_t>(left, block.size());
        in.read(block.data(), static_cast<std::streamsize>(most));
        if (static_cast<std::uint64_t>(in.gcount()) != most)
            return malformed("the file is cut short");
        opener->update(BytesView(block).substr(0, most));
        left -= most;
    }
    if (!opener->finish()) return malformed("the file was changed");
    TRY_VOID(unpacker.finish());
    {
        TRY(const auto store, store::SqliteStore::open((made.path() / "comity.db").string()));
        store->write([](node::StoreWriter& writer) { node::mark_restored(writer); });
    }
    fs::rename(made.path(), dir);
    return {};
}

} // namespace comity::apps
