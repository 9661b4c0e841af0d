// Making and checking releases (record/release.hpp): the key of who signs, the text, the log's
// directory. A log is a directory of files as C2SP tlog-tiles has them; any web server shows it,
// and `comity monitor` follows it.
#pragma once

#include "apps/setup.hpp"
#include "record/release.hpp"

#include <filesystem>
#include <string>

namespace comity::apps {

/// Writes a new private key into `file` (0600), and gives its public side.
Result<record::VerifierKey> make_signing_key(
    const std::filesystem::path& file, const std::string& name);

struct ReleaseFiles {
    std::vector<std::string> programs; ///< PLATFORM=FILE, or FILE for this platform
    std::string law;                   ///< directory
    std::string pages;                 ///< directory
};

/// The release that these files are. Refuses setting_invalid, not_initialised, release_malformed.
Result<record::Release> release_of(
    const ReleaseFiles& files, const std::string& version, const std::string& source);

/// What the files given are, to be compared with a release: what is not given is taken from it.
Result<record::Build> build_of(const ReleaseFiles& files, const record::Release& release);

/// Adds a signature to a release's text, or to what others have signed. The text is read first:
/// nobody signs what is no release. Refuses already_exists when this key has signed it.
Result<Bytes> sign_release(BytesView text_or_note, const record::SigningKey& key);

/// Creates an empty log. Refuses already_exists.
Result<void> begin_log(const std::filesystem::path& log, const record::SigningKey& key);

/// Appends a release that two have signed, and signs the log's new checkpoint. Everything is
/// durable before the checkpoint names it. Refuses as record::open_release() does; note_signature
/// and proof_wrong when the log is not this key's, or its files are not what it signed;
/// already_exists when the release is in the log; store_in_use when another process appends.
Result<std::uint64_t> add_to_log(
    const std::filesystem::path& log, BytesView note, const record::SigningKey& key,
    const record::ReleasePolicy& policy);

/// The proof that goes with a release. Refuses not_found when it is not in the log.
Result<Bytes> prove_release(const std::filesystem::path& log, BytesView note);

/// The name of the platform this program was made for.
std::string this_platform();

/// What runs here: this very program's file, the law pack's digest and the pages' manifest.
/// Refuses not_initialised when the pages cannot be read. `pages` may be empty: none are served.
Result<record::Build> this_build(const std::string& law_digest, const std::filesystem::path& pages);

/// The same with the release that it is, if the settings name a proof. A proof that does not hold,
/// or is another program's, is told and stops nothing: who would be stopped by it could as well
/// take the setting away.
Result<record::Running> what_runs(
    const NodeFile& file, const std::string& law_digest, const std::filesystem::path& dir);

} // namespace comity::apps
