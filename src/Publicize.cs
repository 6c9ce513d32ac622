// The build task of Publicize.targets, which MSBuild compiles: it may reference no metadata reader, so it finds the flags by their place in the file.
using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

public sealed class Publicize : Task
{
    [Required] public string[] From { get; set; }

    [Required] public string[] To { get; set; }

    [Required] public string[] Types { get; set; }

    public override bool Execute()
    {
        for (int i = 0; i < From.Length; i++)
        {
            byte[] copy = File.ReadAllBytes(From[i]);
            Open(copy);
            Directory.CreateDirectory(Path.GetDirectoryName(To[i]));
            File.WriteAllBytes(To[i], copy);
        }
        return true;
    }

    // ECMA-335 II.24 and II.25: headers, sections, streams, then the tables, of which types, fields and methods carry a visibility in 3 bits.
    private void Open(byte[] file)
    {
        int header = Int(0x3C) + 24, sections = header + Short(header - 4);
        int metadata = Offset(Int(Offset(Int(header + (Short(header) == 0x20B ? 224 : 208))) + 8));
        int tables = Stream("#~"), names = Stream("#Strings"), at = tables + 24;
        var rows = new int[64];
        for (int table = 0; table < 64; table++)
            if ((file[tables + 8 + table / 8] >> table % 8 & 1) != 0) { rows[table] = Int(at); at += 4; }

        int text = Heap(1), guid = Heap(2), blob = Heap(4);
        int[] sizes = {   // Module, TypeRef, TypeDef, FieldPtr, Field, MethodPtr, MethodDef
            2 + text + 3 * guid, Index(2, 0x00, 0x01, 0x1A, 0x23) + 2 * text, 4 + 2 * text + Index(2, 0x01, 0x02, 0x1B) + Index(0, 0x04) + Index(0, 0x06),
            Index(0, 0x04), 2 + text + blob, Index(0, 0x06), 8 + text + blob + Index(0, 0x08) };
        for (int table = 0; table < sizes.Length; at += sizes[table] * rows[table], table++)
            for (int row = at; row < at + sizes[table] * rows[table]; row += sizes[table])
                if (table == 2 && Types.Contains(Name(text == 2 ? Short(row + 4) : Int(row + 4)))) Set(row, "11234222");   // by their use in II.23.1
                else if (table == 4) Set(row, "01664667");
                else if (table == 6) Set(row + 6, "01664667");

        void Set(int flags, string becomes) => file[flags] = (byte)(file[flags] & ~7 | becomes[file[flags] & 7] - '0');
        string Name(int start) => Encoding.UTF8.GetString(file, names + start, Array.IndexOf(file, (byte)0, names + start) - names - start);
        int Heap(int bit) => (file[tables + 6] & bit) != 0 ? 4 : 2;
        int Index(int tagBits, params int[] targets) => targets.Max(table => rows[table]) < 1 << 16 - tagBits ? 2 : 4;
        int Int(int place) => BitConverter.ToInt32(file, place);
        int Short(int place) => BitConverter.ToUInt16(file, place);
        int Offset(int address)
        {
            int section = sections;
            while (address < Int(section + 12) || address >= Int(section + 12) + Int(section + 16)) section += 40;
            return address - Int(section + 12) + Int(section + 20);
        }
        int Stream(string name)
        {
            int place = metadata + 20 + Int(metadata + 12), end;   // offset, size, name padded to 4 bytes
            for (; ; place = end + 4 - (end - place) % 4)
                if (Encoding.ASCII.GetString(file, place + 8, (end = Array.IndexOf(file, (byte)0, place + 8)) - place - 8) == name) return metadata + Int(place);
        }
    }
}
