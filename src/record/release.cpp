// The text of a release, read strictly, and the three checks: its people, its log, what runs.
#include "record/release.hpp"

#include "crypto/hash.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::record {

namespace {

constexpr std::string_view first_line = "comity-release/1";
constexpr std::size_t programs_most = 16;
constexpr std::size_t word_most = 200;

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= word_most && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '.' || c == '_' || c == '-' || c == ':' || c == '+';
    });
}

bool is_commit(std::string_view text) {
    return (text.size() == 40 || text.size() == 64) && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::optional<Digest> digest_from_hex(std::string_view text) {
    const auto bytes = from_hex(text);
    if (!bytes || to_hex(*bytes) != text) return std::nullopt; // one spelling only
    return digest_from(*bytes);
}

// Lines of a text, one after the other, each with the word that it begins with.
class Lines {
public:
    explicit Lines(BytesView text) : text_(text) {}

    /// The rest of the next line if it begins with `word` and a space.
    std::optional<std::string_view> take(std::string_view word) {
        looked_at_ = number_ + 1;
        const auto end = text_.find('\n');
        if (end == BytesView::npos) return std::nullopt;
        auto line = text_.substr(0, end);
        if (!line.starts_with(word) || line.size() <= word.size() || line[word.size()] != ' ')
            return std::nullopt;
        text_.remove_prefix(end + 1);
        ++number_;
        line.remove_prefix(word.size() + 1);
        return line;
    }

    bool take_exactly(std::string_view line) {
        looked_at_ = number_ + 1;
        if (!text_.starts_with(line) || text_.size() <= line.size() || text_[line.size()] != '\n')
            return false;
        text_.remove_prefix(line.size() + 1);
        ++number_;
        return true;
    }

    [[nodiscard]] bool done() {
        looked_at_ = number_ + 1;
        return text_.empty();
    }

    [[nodiscard]] tl::unexpected<Refusal> wrong(std::string_view wanted) const {
        return refuse(
            Code::release_malformed, say("line {} is to be: {}", looked_at_, std::string(wanted)));
    }

private:
    BytesView text_;
    std::size_t number_ = 0;    // lines that were taken
    std::size_t looked_at_ = 1; // the line asked for last
};

} // namespace

Result<Release> Release::parse(BytesView text) {
    Lines lines(text);
    Release out;
    if (!lines.take_exactly(first_line)) return lines.wrong(first_line);
    const auto version = lines.take("version");
    if (!version || !is_word(*version)) return lines.wrong("version WORD");
    out.version = *version;
    const auto source = lines.take("source");
    if (!source || !is_commit(*source)) return lines.wrong("source COMMIT");
    out.source = *source;
    while (const auto program = lines.take("program")) {
        const auto space = program->find(' ');
        const auto platform = program->substr(0, space);
        const auto hash = space == std::string_view::npos
                              ? std::nullopt
                              : digest_from_hex(program->substr(space + 1));
        const bool twice = std::ranges::any_of(
            out.programs, [&](const Program& other) { return other.platform == platform; });
        if (!is_word(platform) || !hash || twice || out.programs.size() == programs_most)
            return lines.wrong("program PLATFORM SHA-256");
        out.programs.push_back({std::string(platform), *hash});
    }
    if (out.programs.empty()) return lines.wrong("program PLATFORM SHA-256");
    const auto law = lines.take("law");
    if (!law || !is_word(*law)) return lines.wrong("law DIGEST");
    out.law = *law;
    const auto pages = lines.take("pages");
    const auto pages_hash = pages ? digest_from_hex(*pages) : std::nullopt;
    if (!pages_hash) return lines.wrong("pages SHA-256");
    out.pages = *pages_hash;
    if (!lines.done()) return lines.wrong("nothing");
    return out;
}

Bytes Release::text() const {
    Bytes out = fmt::format("{}\nversion {}\nsource {}\n", first_line, version, source);
    for (const auto& program : programs)
        out += fmt::format("program {} {}\n", program.platform, to_hex(view(program.sha256)));
    out += fmt::format("law {}\npages {}\n", law, to_hex(view(pages)));
    return out;
}

Result<ReleasePolicy> ReleasePolicy::parse(std::string_view text) {
    constexpr std::string_view word = "signer ";
    ReleasePolicy out;
    std::string rest;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, end - at);
        at = end + 1;
        rest += line.starts_with(word) ? std::string_view() : line; // lines keep their numbers
        rest += '\n';
        if (!line.starts_with(word)) continue;
        TRY(auto key, VerifierKey::parse(line.substr(word.size())));
        // The same key under two names would be one person who signs twice.
        if (key.type != KeyType::ed25519 ||
            std::ranges::any_of(out.signers, [&](const auto& other) {
                return other.name == key.name || other.public_key == key.public_key;
            }))
            return refuse(Code::policy_malformed, say("{} signs with no key of its own", key.name));
        out.signers.push_back(std::move(key));
    }
    if (out.signers.size() < release_signers_least)
        return refuse(
            Code::policy_malformed,
            say("{} people sign, {} are the least", out.signers.size(), release_signers_least));
    TRY(out.log, Policy::parse(rest));
    if (out.log.logs().empty()) return refuse(Code::policy_malformed, say("it names no log"));
    return out;
}

Result<SignedRelease> open_release(BytesView note, std::span<const VerifierKey> signers) {
    TRY(const auto parsed, Note::parse(note));
    SignedRelease out;
    TRY(out.release, Release::parse(parsed.text));
    TRY(const auto verified, verify_note(parsed, signers));
    for (const auto& one : verified)
        out.signers.push_back(signers[one.key].name);
    if (out.signers.size() < release_signers_least)
        return refuse(
            Code::policy_unmet,
            say("{} people signed the release, {} have to", out.signers.size(),
                release_signers_least),
            "", "", "Have another of those who may sign check it, and sign it");
    return out;
}

Result<LoggedRelease> open_logged_release(BytesView proof, const ReleasePolicy& policy) {
    TRY(const auto parsed, TlogProof::parse(proof));
    if (!parsed.extra) return refuse(Code::proof_malformed, say("it holds no release"));
    LoggedRelease out;
    TRY(out.signed_release, open_release(*parsed.extra, policy.signers));
    out.index = parsed.index;
    TRY(out.checkpoint, verify_proof(parsed, crypto::merkle_leaf(*parsed.extra), policy.log));
    return out;
}

Result<void> compare(const Build& build, const Release& release) {
    const auto found = std::ranges::find(
        release.programs, build.platform, [](const auto& program) { return program.platform; });
    if (found == release.programs.end())
        return refuse(
            Code::release_other,
            say("version {} has no program for {}", release.version, build.platform));
    if (found->sha256 != build.program)
        return refuse(
            Code::release_other, say("the program is another: {}", to_hex(view(build.program))));
    if (release.law != build.law)
        return refuse(Code::release_other, say("the law pack is another: {}", build.law));
    if (build.pages != Digest{} && build.pages != release.pages)
        return refuse(
            Code::release_other, say("the pages are others: {}", to_hex(view(build.pages))));
    return {};
}

} // namespace comity::record
