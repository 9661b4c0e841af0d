// Each command is a step that one person takes, and has one file as its result: two sign on
// machines of their own, a third keeps the log.
#include "apps/release_command.hpp"

#include "apps/control_command.hpp"
#include "apps/release.hpp"
#include "apps/setup.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <memory>

namespace comity::apps {

namespace {

struct Releasing {
    std::string key;
    std::string name;
    std::string in;
    std::string out;
    std::string log;
    std::string policy;
    std::string version = COMITY_VERSION;
    std::string source;
    ReleaseFiles files;
    std::string program;
    bool json = false;
};

Result<record::SigningKey> read_key(const std::string& file) {
    TRY(const auto text, read_file(file));
    return record::SigningKey::parse(std::string_view(text).substr(0, text.find('\n')));
}

Result<record::ReleasePolicy> read_policy(const std::string& file) {
    TRY(const auto text, read_file(file));
    return record::ReleasePolicy::parse(text);
}

Result<void> write_out(const Releasing& a, BytesView bytes) {
    if (std::filesystem::exists(a.out)) return refuse(Code::already_exists, a.out);
    write_new_file(a.out, bytes, false);
    return {};
}

Result<void> make_key(const Releasing& a) {
    TRY(const auto made, make_signing_key(a.out, a.name));
    fmt::print("{}\n", made.text());
    return {};
}

Result<void> draft(const Releasing& a) {
    TRY(const auto release, release_of(a.files, a.version, a.source));
    return write_out(a, release.text());
}

Result<void> sign(const Releasing& a) {
    TRY(const auto key, read_key(a.key));
    TRY(const auto text, read_file(a.in));
    TRY(const auto note, sign_release(text, key));
    return write_out(a, note);
}

Result<void> begin(const Releasing& a) {
    TRY(const auto key, read_key(a.key));
    return begin_log(a.log, key);
}

Result<void> add(const Releasing& a) {
    TRY(const auto key, read_key(a.key));
    TRY(const auto policy, read_policy(a.policy));
    TRY(const auto note, read_file(a.in));
    TRY(const auto index, add_to_log(a.log, note, key, policy));
    fmt::print("entry {}\n", index);
    return {};
}

Result<void> prove(const Releasing& a) {
    TRY(const auto note, read_file(a.in));
    TRY(const auto proof, prove_release(a.log, note));
    return write_out(a, proof);
}

Result<void> check(const Releasing& a) {
    TRY(const auto policy, read_policy(a.policy));
    TRY(const auto proof, read_file(a.in));
    TRY(const auto found, record::open_logged_release(proof, policy));
    const auto& release = found.signed_release.release;
    // Only what was given is compared: an inspector may have the program's file alone.
    if (!a.files.programs.empty()) {
        TRY(const auto build, build_of(a.files, release));
        TRY_VOID(record::compare(build, release));
    }
    const auto& checkpoint = found.checkpoint.checkpoint;
    if (a.json) {
        json::Array signers;
        for (const auto& name : found.signed_release.signers)
            signers.emplace_back(name);
        fmt::print(
            "{}", json::pretty(json::Object{
                      {"version", release.version},
                      {"source", release.source},
                      {"signers", std::move(signers)},
                      {"log", checkpoint.origin},
                      {"index", static_cast<std::int64_t>(found.index)},
                      {"size", static_cast<std::int64_t>(checkpoint.size)},
                      {"cosignatures",
                       static_cast<std::int64_t>(found.checkpoint.cosignatures.size())}}));
        return {};
    }
    fmt::print(
        "version {} of source {}\nsigned by {}\nentry {} of {} in {}, {} cosignatures\n{}",
        release.version, release.source, fmt::join(found.signed_release.signers, ", "), found.index,
        checkpoint.size, checkpoint.origin, found.checkpoint.cosignatures.size(),
        a.files.programs.empty() ? "" : "what was given is what was released\n");
    return {};
}

} // namespace

void add_release(Command app, std::function<int()>& run) {
    const auto kept = std::make_shared<Releasing>();
    auto& a = *kept;
    auto release = app.add_subcommand(
        "release",
        "Releases of the program: signed by two, in a log, and checked against what runs");
    release.require_subcommand(1);
    const auto step = [&](const char* name, const char* what,
                          Result<void> (*work)(const Releasing&)) {
        return add_command(release, run, kept, name, what, work);
    };
    const auto out = [&](Command command) {
        command.add_option("--out", a.out, "the file to create").required();
    };
    const auto in = [&](Command command, const char* what) {
        command.add_option("file", a.in, what).required();
    };
    const auto log = [&](Command command) {
        command.add_option("--log", a.log, "the log's directory").required();
    };
    const auto key = [&](Command command) {
        command.add_option("--key", a.key, "the private key's file").required();
    };
    const auto policy = [&](Command command) {
        command.add_option("--policy", a.policy, "whose releases are believed").required();
    };

    auto command =
        step("key", "Create a key, for a signer or for a log; prints its public side", make_key);
    command.add_option("--name", a.name, "the key's name, as example.org/ada").required();
    out(command);

    command = step("draft", "Write the text that is signed", draft);
    command.add_option("--number", a.version, "the version");
    command.add_option("--source", a.source, "the commit that it was built from").required();
    command.add_option("--program", a.files.programs, "FILE, or PLATFORM=FILE for another one")
        .required();
    command.add_option("--law", a.files.law, "the law pack").required();
    command.add_option("--pages", a.files.pages, "the built pages").required();
    out(command);

    command = step("sign", "Add a signature", sign);
    in(command, "the draft, or what others signed");
    key(command);
    out(command);

    command = step("begin", "Create an empty log of releases", begin);
    log(command);
    key(command);

    command = step("add", "Append a release that two have signed", add);
    in(command, "the signed release");
    log(command);
    key(command);
    policy(command);

    command = step("prove", "Write the proof that goes with a release", prove);
    in(command, "the signed release");
    log(command);
    out(command);

    command = step("check", "Check a proof; and files, whether they are what was released", check);
    in(command, "the proof");
    policy(command);
    command.add_option("--program", a.files.programs, "FILE, also /proc/PID/exe of a running node");
    command.add_option("--law", a.files.law, "the law pack");
    command.add_option("--pages", a.files.pages, "the built pages");
    command.add_flag("--json", a.json, "print JSON");
}

} // namespace comity::apps
