extension NachaFile {
    /// Writes the whole file. An error names the first record that breaks a rule.
    ///
    /// With `keepsTracesUnique`, trace numbers of an originating DFI ascend through all batches.
    package func bytes(
        form: FileForm = FileForm(), keepsTracesUnique: Bool = true
    ) throws(NachaWriterError) -> [UInt8] {
        try chunk(form: form, keepsTracesUnique: keepsTracesUnique).bytes
    }

    /// Like `bytes`, with the rows beside the bytes.
    package func chunk(
        form: FileForm = FileForm(), keepsTracesUnique: Bool = true
    ) throws(NachaWriterError) -> WrittenChunk {
        var writer = try StreamingWriter(header, form: form, keepsTracesUnique: keepsTracesUnique)
        for batch in batches {
            try writer.beginBatch(batch.header)
            for entry in batch.entries { try writer.append(entry) }
            try writer.endBatch(messageAuthenticationCode: batch.messageAuthenticationCode)
        }
        try writer.finish()
        return writer.take()
    }
}
