// The offline checker: whether a case bundle or a published record is genuine, without a node,
// without a network and without trust in who handed it over. It repeats what the gate checks with
// the lower rooms alone, so that a fault in a node's deeds does not excuse itself here.
#pragma once

#include "base/bytes.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comity::apps {

/// One line for each thing that is wrong, and one for each thing that was proved. Genuine is what
/// has no failure; the lines of what was proved then say how far the proof goes.
struct Verdict {
    std::vector<std::string> failures;
    std::vector<std::string> proved;
};

/// A reader's key with its certificate, both in PEM.
struct RecipientKey {
    Bytes key;
    Bytes certificate;
};

struct BundleOptions {
    /// Ciphertext and envelopes, each in a file named by the hexadecimal SHA-256 of its content.
    std::optional<std::filesystem::path> evidence;
    /// The hash of the directory (base64url) that the caller trusts. Without it the verdict rests
    /// on the directory in the bundle and names its hash.
    std::optional<std::string> directory_hash;
    /// Opens evidence that is addressed to it, and compares the plaintext's hash.
    std::optional<RecipientKey> recipient;
};

/// Malformed input is a failure and never throws; a Fault is a file that cannot be read.
Verdict verify_bundle(BytesView bundle, const BundleOptions& options);

struct RecordOptions {
    /// The log's verifier key; without it the file `vkey` beside the checkpoint is read.
    std::optional<std::string> vkey;
    /// One verifier key a line. With it each further line of the checkpoint must be by one of these
    /// witnesses, without it cosignatures are counted and not checked.
    std::optional<std::filesystem::path> witnesses;
};

/// A directory as a node publishes it: checkpoint, tile/…, and vkey.
Verdict verify_record(const std::filesystem::path& directory, const RecordOptions& options);

/// What the command line gives.
struct VerifyOptions {
    std::optional<std::filesystem::path> evidence;
    std::optional<std::string> directory_hash;
    std::optional<std::filesystem::path> key; ///< PEM; only together with certificate
    std::optional<std::filesystem::path> certificate;
    std::optional<std::string> vkey;
    std::optional<std::filesystem::path> witnesses;
};

/// `kind` is bundle or record. Prints to standard output: each failure on a line, or each thing
/// proved; as one JSON object if asked. Returns 0 for genuine, 1 for not, 2 for a wrong call.
int run_verify(
    std::string_view kind, const std::filesystem::path& path, const VerifyOptions& options,
    bool as_json);

} // namespace comity::apps
