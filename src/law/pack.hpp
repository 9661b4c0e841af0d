// A law pack: the files of law/, with one digest over all of them. Both sides of a case pin the
// same digest in the directory, so a request that passes at home passes abroad (docs/law.md).
#pragma once

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/refusal.hpp"
#include "law/form.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace comity::law {

/// SHA-256. An argument, because this room stands beside the room of cryptography, not on it.
using Hash = std::function<Digest(BytesView)>;

/// The digest of a pack from the hash of each of its files, by path (relative to law/, with '/'
/// between the parts): SHA-256 in text form over a domain tag and, in the order of the paths'
/// bytes, each path and the hash of its content. Enough for who holds the list and not the files.
std::string pack_digest(
    const std::map<std::string, Digest, std::less<>>& files, const Hash& sha256);

/// Immutable after loading; safe to use from several threads at once.
class Pack {
public:
    /// Reads every *.json below `directory`, except examples/ (they are no law). Refuses with
    /// law_malformed (file, and byte of the fault), form_schema_malformed or procedure_malformed;
    /// a directory that cannot be read is a Fault.
    static Result<Pack> load(const std::filesystem::path& directory, const Hash& sha256);

    /// The same from memory: path relative to law/ with '/' between the parts, and content.
    static Result<Pack> from_files(
        std::map<std::string, Bytes, std::less<>> files, const Hash& sha256);

    /// As pack_digest computes it.
    [[nodiscard]] const std::string& digest() const { return digest_; }

    /// The procedure file of that id, as text for procedure/; null when there is none.
    [[nodiscard]] const std::string* procedure_text(std::string_view id) const;
    [[nodiscard]] std::vector<std::string> procedures() const;

    /// The form of that id; null when there is none.
    [[nodiscard]] const Form* form(std::string_view id) const;
    [[nodiscard]] std::vector<std::string> forms() const;

    /// A data file by its path, for example "offences.json" or "profiles/fr.json"; null when there
    /// is none.
    [[nodiscard]] const json::Object* data(std::string_view path) const;

    /// The hash of one file, in text form; empty when there is none of that path.
    [[nodiscard]] std::string file_digest(std::string_view path) const;

    /// Every file of the pack by path, as it was read.
    [[nodiscard]] const std::map<std::string, Bytes, std::less<>>& files() const { return files_; }

private:
    Pack() = default;

    std::string digest_;
    std::map<std::string, Digest, std::less<>> hashes_;
    std::map<std::string, Bytes, std::less<>> files_;
    std::map<std::string, json::Object, std::less<>> data_;
    std::map<std::string, std::string, std::less<>> procedures_; ///< id to path
    std::map<std::string, Form, std::less<>> forms_;
};

} // namespace comity::law
