// Releases of the program: what was built from which source, signed by two people, in a log of its
// own (C2SP signed-note, tlog-tiles, tlog-proof). Everybody then runs what everybody else can see,
// and a program made for one node only is found out (threats T55, T56). docs/operations.md says
// how one is made and checked.
#pragma once

#include "record/proof.hpp"

#include <span>
#include <string>
#include <vector>

namespace comity::record {

/// What a release is: the text that people sign, one fact a line.
///
///     comity-release/1
///     version 0.1.0
///     source 5d41402abc4b2a76b9719d911017c592ae2b3c4d
///     program linux-x86_64 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
///     law sha256-…
///     pages fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9
///
/// Hashes are SHA-256 in lower-case hexadecimal, as `sha256sum` prints them; that of the pages is
/// of their manifest, which has the hash of each file. The source is a commit's name.
struct Release {
    struct Program {
        std::string platform; ///< one for each; a release names no platform twice
        Digest sha256{};

        bool operator==(const Program&) const = default;
    };

    std::string version;
    std::string source;
    std::vector<Program> programs;
    std::string law; ///< as law::Pack::digest() has it
    Digest pages{};

    /// Strict: exactly what text() prints. Refuses with release_malformed and names the line.
    static Result<Release> parse(BytesView text);
    [[nodiscard]] Bytes text() const;

    bool operator==(const Release&) const = default;
};

/// How many people sign a release: nobody publishes one alone.
inline constexpr std::size_t release_signers_least = 2;

/// Whose releases are believed: the people who may sign, then the log and its witnesses as in any
/// trust policy.
///
///     signer release.example/ada+0a1b2c3d+AY…
///     signer release.example/bo+4e5f6071+AX…
///     log release.example+8192a3b4+AT…
///     quorum none
struct ReleasePolicy {
    std::vector<VerifierKey> signers;
    Policy log;

    /// Refuses with policy_malformed: no log, a signer that is no usable key of type ed25519, one
    /// that comes twice, fewer than two.
    static Result<ReleasePolicy> parse(std::string_view text);
};

/// A release that two of the policy's people signed, before it is in a log.
struct SignedRelease {
    Release release;
    std::vector<std::string> signers; ///< whose signatures verified, by the names of their keys
};

/// Refuses with release_malformed, note_*; with policy_unmet when fewer than two signed it.
Result<SignedRelease> open_release(BytesView note, std::span<const VerifierKey> signers);

/// A release with its place in the log.
struct LoggedRelease {
    SignedRelease signed_release;
    std::uint64_t index = 0;
    OpenedCheckpoint checkpoint;
};

/// Opens a `.tlog-proof` whose extra data is the signed note. Refuses as open_release() and
/// verify_proof() do, and with proof_malformed when it has no note.
Result<LoggedRelease> open_logged_release(BytesView proof, const ReleasePolicy& policy);

/// What runs here.
struct Build {
    std::string version;
    std::string platform;
    Digest program{};
    std::string law;
    Digest pages{}; ///< zero: it serves none
};

/// What runs here, and which release it is.
struct Running {
    Build build;
    Bytes proof;                          ///< as it was given; empty: none was
    std::optional<LoggedRelease> release; ///< when the proof holds, whatever runs
    std::optional<Refusal> problem;       ///< why what runs is not shown to be a release
};

/// Whether it is this release that runs: the program of this platform, the law, and the pages
/// where any are served. Refuses with release_other and says which of them is another.
Result<void> compare(const Build& build, const Release& release);

} // namespace comity::record
