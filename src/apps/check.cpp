// The checks of a node's installation, one function each.
#include "apps/check.hpp"

#include "apps/control.hpp"
#include "apps/now.hpp"
#include "apps/peers.hpp"
#include "apps/setup.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "crypto/jws.hpp"
#include "law/library.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

class Report {
public:
    void good(std::string_view what, std::string_view facts) {
        fmt::print("  ok    {:<12} {}\n", what, facts);
    }

    void mend(std::string_view what, std::string_view facts, std::string_view remedy) {
        fmt::print("  MEND  {:<12} {} -> {}\n", what, facts, remedy);
        ++problems_;
    }

    void refused(std::string_view what, const Refusal& refusal) {
        mend(
            what, refusal.facts.text(),
            refusal.remedy.empty() ? refusal_entry(refusal.code).remedy : refusal.remedy);
    }

    [[nodiscard]] int problems() const { return problems_; }

private:
    int problems_ = 0;
};

void check_keys(Report& report, const fs::path& dir, const NodeFile& file, Instant now) {
    const auto keys = read_keys(dir, file);
    if (!keys) {
        report.refused("keys", keys.error());
        return;
    }
    for (const auto& entry : fs::directory_iterator(dir / "keys")) {
        struct stat info{};
        const bool secret =
            entry.path().string().ends_with(".key.pem") || entry.path().string().ends_with(".seed");
        if (secret && ::stat(entry.path().c_str(), &info) == 0 && (info.st_mode & 077) != 0)
            report.mend(
                "keys", entry.path().filename().string() + " can be read by others", "chmod 600");
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::days>(keys->seal_certificate.not_after() - now)
            .count();
    if (left < 30)
        report.mend(
            "keys", fmt::format("the seal's certificate ends in {} days", left),
            "have a new one entered in the directory");
    else
        report.good(
            "keys", fmt::format(
                        "seal, sealing, {} offices; the seal's certificate lasts {} days",
                        keys->offices.size(), left));
}

void check_law(Report& report, const NodeFile& file) {
    const auto pack = law::Pack::load(file.law, crypto::sha256);
    if (!pack)
        report.refused("law", pack.error());
    else if (const auto library = law::Library::make(*pack); !library)
        report.refused("law", library.error());
    else
        report.good(
            "law", fmt::format("pack {} with {} files", pack->digest(), pack->files().size()));
}

void check_translator(Report& report, const NodeFile& file) {
    if (file.translator.command.empty()) return;
    if (const auto problem = file.translator.problem(); !problem.empty())
        report.mend(
            "translator", problem, "install it, or correct command in [translator] of node.toml");
    else
        report.good(
            "translator",
            fmt::format(
                "{}, {} pairs of languages", file.translator.tool, file.translator.pairs.size()));
}

void check_disk(Report& report, const fs::path& dir) {
    constexpr std::uintmax_t least = 1024ull * 1024 * 1024;
    const auto space = fs::space(dir);
    if (space.available < least)
        report.mend("disk", fmt::format("{} MiB left", space.available / 1024 / 1024), "make room");
    else
        report.good("disk", fmt::format("{} GiB left", space.available / 1024 / 1024 / 1024));
}

// The directory as the running node has it, and what each of its participants answers.
void check_running(Report& report, const fs::path& dir, Instant now) {
    Control control(dir);
    const auto status = control.get("/status");
    if (!status) {
        report.mend(
            "process", "the node does not answer on its control socket",
            "start it: comity serve --dir " + dir.string());
        return;
    }
    report.good(
        "process",
        fmt::format("serving; record of {} leaves", status->at("record_size").as_int64()));
    if (const auto* why = status->if_contains("not_ready"))
        report.mend("ready", std::string(why->as_string()), "see docs/operations.md");
    const auto time = instant_from(std::string_view(status->at("time").as_string()));
    if (time && std::chrono::abs(*time - now) > limits::clock_difference)
        report.mend("clock", "the node's clock differs from this one", "set the clock");
    else
        report.good("clock", to_text(now));
    const auto version = status->at("directory").as_int64();
    if (version == 0)
        report.mend(
            "directory", "none is installed", "post the signed directory to the control socket");
    else
        report.good("directory", fmt::format("version {}", version));
    const auto outbox = control.get("/outbox");
    if (!outbox) return;
    std::size_t failed = 0;
    for (const auto& row : outbox->at("outbox").as_array())
        failed += row.at("failed").as_bool() ? 1u : 0u;
    if (failed > 0)
        report.mend(
            "outbox", fmt::format("{} deliveries were refused for good", failed),
            "comity case outbox shows why");
    else
        report.good("outbox", fmt::format("{} waiting", outbox->at("outbox").as_array().size()));
}

} // namespace

int check(const fs::path& dir) {
    const Instant now = system_now();
    Report report;
    const auto file = read_settings(dir);
    if (!file) {
        report.refused("settings", file.error());
        return 1;
    }
    report.good(
        "settings",
        fmt::format("{} in {}", file->settings.participant.str(), file->settings.federation));
    check_keys(report, dir, *file, now);
    check_law(report, *file);
    check_translator(report, *file);
    check_disk(report, dir);
    check_running(report, dir, now);
    return report.problems() == 0 ? 0 : 1;
}

} // namespace comity::apps
